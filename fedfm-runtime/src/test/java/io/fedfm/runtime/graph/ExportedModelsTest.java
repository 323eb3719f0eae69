package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every export computes after reading, upgrading and writing what its file computes. */
final class ExportedModelsTest {
    private static final Path EXPORTS = Path.of("../fedfm-dist/src/test/resources/exports");

    @TempDir Path cache;

    static Stream<String> exports() throws IOException {
        try (Stream<Path> files = Files.list(EXPORTS)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".onnx"))
                    .filter(name -> !name.contains("optimised") && !name.contains("external"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void coversOldOpsetsToo() throws IOException {
        assertThat(exports()).hasSize(27).anyMatch(n -> n.contains("opset11"));
    }

    @ParameterizedTest
    @MethodSource("exports")
    void computesTheSame(String file) throws IOException {
        byte[] original = Files.readAllBytes(EXPORTS.resolve(file));
        Graph graph = OnnxReader.read(EXPORTS.resolve(file));
        try (WeightFile weights = WeightFile.of(graph, cache)) {
            byte[] written = OnnxWriter.write(weights.backbone(), weights);
            for (int size = 1; size <= 2; size++) {
                Map<String, Tensor> feeds =
                        ExampleInputs.make(graph, size + 1, 4 * size + 1, new Random(size), true);
                Map<String, Tensor> expected = Ort.run(original, feeds);
                Map<String, Tensor> actual = Ort.run(written, weights.folder().toString(), feeds);
                assertThat(actual).containsOnlyKeys(expected.keySet());
                expected.forEach((name, tensor) -> assertClose(name, actual.get(name), tensor));
            }
        }
    }

    private static void assertClose(String name, Tensor actual, Tensor expected) {
        assertThat(actual.type()).as(name).isEqualTo(expected.type());
        assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
        assertThat(actual.toFloats())
                .as(name)
                .containsExactly(expected.toFloats(), within(1e-6f))
                .doesNotContain(Float.NaN);
    }
}
