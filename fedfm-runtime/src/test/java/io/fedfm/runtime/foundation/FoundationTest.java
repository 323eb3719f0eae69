package io.fedfm.runtime.foundation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.OnnxWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FoundationTest {
    private static final FoundationShape REFERENCE = new FoundationShape(256, 4, 4, 1000, 64);
    private static final FoundationShape TINY = new FoundationShape(8, 2, 2, 11, 6);

    @Test
    void countsTheParametersOfTheReferenceWorkload() {
        long count =
                Foundation.build(REFERENCE, new RandomWeights(42))
                        .initializers()
                        .entrySet()
                        .stream()
                        .filter(e -> e.getValue().type() == ElementType.FLOAT)
                        .filter(e -> !e.getKey().endsWith(".scale"))
                        .mapToLong(e -> e.getValue().size())
                        .sum();

        assertThat(count).isEqualTo(3_501_706 - 70_282);
    }

    @Test
    void runsAtAnyLengthUpToItsOwn() throws OrtException {
        byte[] model = OnnxWriter.write(Foundation.build(TINY, new RandomWeights(1)));

        assertThat(run(model, new long[][] {{1, 2, 3, 4, 5, 6}, {0, 0, 0, 0, 0, 10}}))
                .hasDimensions(2, 6);
        assertThat(run(model, new long[][] {{7, 8}})[0][0]).hasSize(8);
        assertThatThrownBy(() -> run(model, new long[1][7])).isInstanceOf(OrtException.class);
    }

    @Test
    void hiddenStatesAreNormedAndDependOnPositions() throws OrtException {
        byte[] model = OnnxWriter.write(Foundation.build(TINY, new RandomWeights(1)));

        float[][] states = run(model, new long[][] {{3, 3, 3}})[0];

        double mean = 0;
        double square = 0;
        for (float value : states[0]) {
            mean += value / 8;
            square += value * value / 8;
        }
        assertThat(mean).isCloseTo(0, org.assertj.core.data.Offset.offset(1e-5));
        assertThat(square).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-3));
        assertThat(states[0]).isNotEqualTo(states[1]);
    }

    @Test
    void nodesCarryModulePaths() {
        List<String> paths =
                Foundation.build(TINY, new RandomWeights(1)).nodes().stream()
                        .filter(node -> node.is("MatMul"))
                        .filter(node -> node.modulePath().startsWith("blocks.1"))
                        .map(Node::modulePath)
                        .toList();

        assertThat(paths)
                .containsExactly(
                        "blocks.1.attention.q",
                        "blocks.1.attention.k",
                        "blocks.1.attention.v",
                        "blocks.1.attention",
                        "blocks.1.attention",
                        "blocks.1.attention.o",
                        "blocks.1.ffn.0",
                        "blocks.1.ffn.2");
    }

    @Test
    void aSeedAlwaysGivesTheSameBytes() {
        byte[] first = OnnxWriter.write(Foundation.build(TINY, new RandomWeights(5)));

        assertThat(OnnxWriter.write(Foundation.build(TINY, new RandomWeights(5)))).isEqualTo(first);
        assertThat(OnnxWriter.write(Foundation.build(TINY, new RandomWeights(6))))
                .isNotEqualTo(first);
    }

    @Test
    void weightsStartAsTorchInitialisesThem() {
        Graph graph = Foundation.build(REFERENCE, new RandomWeights(3));

        assertThat(deviation(graph, "tokens.weight")).isBetween(0.99, 1.01);
        assertThat(deviation(graph, "positions")).isBetween(0.0195, 0.0205);
        // Uniform in plus or minus b has deviation b / sqrt(3).
        double xavier = Math.sqrt(6.0 / (256 + 768)) / Math.sqrt(3);
        assertThat(deviation(graph, "blocks.0.attention.q.weight") / xavier).isBetween(0.99, 1.01);
        double up = 1 / Math.sqrt(256) / Math.sqrt(3);
        assertThat(deviation(graph, "blocks.0.ffn.0.weight") / up).isBetween(0.99, 1.01);
        double down = 1 / Math.sqrt(1024) / Math.sqrt(3);
        assertThat(deviation(graph, "blocks.3.ffn.2.weight") / down).isBetween(0.99, 1.01);
        assertThat(deviation(graph, "blocks.3.ffn.2.bias") / down).isBetween(0.9, 1.1);
        assertThat(deviation(graph, "blocks.1.attention.o.bias")).isZero();
        assertThat(graph.initializers().get("blocks.1.norm1.weight").toFloats()).containsOnly(1f);
    }

    private static double deviation(Graph graph, String name) {
        float[] values = graph.initializers().get(name).toFloats();
        double square = 0;
        for (float value : values) {
            square += value * value;
        }
        return Math.sqrt(square / values.length);
    }

    private static float[][][] run(byte[] model, long[][] ids) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(model);
                OnnxTensor input = OnnxTensor.createTensor(environment, ids);
                OrtSession.Result result = session.run(Map.of(Foundation.INPUT, input))) {
            return (float[][][]) result.get(Foundation.OUTPUT).orElseThrow().getValue();
        }
    }
}
