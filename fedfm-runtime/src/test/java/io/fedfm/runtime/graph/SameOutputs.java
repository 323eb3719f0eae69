package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;

/** Checks that a graph computes what the model it was read from does. */
final class SameOutputs {
    private SameOutputs() {}

    /**
     * Runs the model as it was, and the graph with its weights inside and in a file; demands equal
     * bits.
     */
    static void assertSame(byte[] original, Graph read, Map<String, Tensor> feeds, Path cache) {
        Map<String, Tensor> expected = Ort.run(original, feeds);
        assertEqual(Ort.run(OnnxWriter.write(read), feeds), expected);
        try (WeightFile weights = WeightFile.of(read, cache)) {
            byte[] model = OnnxWriter.write(weights.backbone(), weights);
            assertEqual(Ort.run(model, weights.folder().toString(), feeds), expected);
        }
    }

    private static void assertEqual(Map<String, Tensor> actual, Map<String, Tensor> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        expected.forEach(
                (name, tensor) -> {
                    assertThat(actual.get(name).type()).isEqualTo(tensor.type());
                    assertThat(actual.get(name).shape()).isEqualTo(tensor.shape());
                    assertThat(actual.get(name).data()).isEqualTo(tensor.data());
                });
    }
}
