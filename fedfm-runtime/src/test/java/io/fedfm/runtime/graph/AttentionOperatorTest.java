package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX Runtime's own Attention and RotaryEmbedding against what is read in their place. */
final class AttentionOperatorTest {
    private static final int[] ROWS = {2, 5};

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        // query heads, key heads, 3 axes, mask, causal, scale
        "4, 4, false, none, 0, 0",
        "4, 4, false, truth, 0, 0.3",
        "4, 2, false, truth, 0, 0",
        "4, 2, false, float, 1, 0.5",
        "4, 4, true, none, 1, 0",
        "4, 1, true, truth, 0, 0.5",
    })
    void theOperatorsGiveWhatAttentionGives(
            int heads, int keyHeads, boolean flat, String mask, int causal, float scale) {
        Graph graph = attention(heads, keyHeads, flat, mask, causal, scale);
        byte[] model = OnnxWriter.write(graph);
        Graph read = Models.read(folder, model);

        assertThat(read.nodes()).noneMatch(node -> node.is("Attention"));
        assertThat(read.nodes()).filteredOn(node -> node.is("Softmax")).hasSize(1);
        assertClose(Ort.run(OnnxWriter.write(read), feeds(mask)), Ort.run(model, feeds(mask)));
    }

    @Test
    void aCapOrACacheIsRefused() {
        Graph capped = new Graph(23);
        Attributes cap = Attributes.of("softcap", 30f);
        inputs(capped, "q", "k", "v");
        Models.node(capped, "Attention", cap, List.of("q", "k", "v"), "y");
        capped.addOutput("y");
        refused(capped, "caps its scores");

        Graph cached = new Graph(23);
        inputs(cached, "q", "k", "v", "past_k", "past_v");
        List<String> inputs = List.of("q", "k", "v", "", "past_k", "past_v");
        Models.node(cached, "Attention", Attributes.none(), inputs, "y", "new_k", "new_v");
        cached.addOutput("y");
        refused(cached, "use_cache=False");
    }

    @Test
    void anglesOfOneRowTurnAllRows() {
        Graph graph = new Graph(23);
        graph.addInput(ValueInfo.of("x", ElementType.FLOAT, "batch", "2", "3", "4"));
        graph.addInitializer("cos", Models.random(1, 3, 2));
        graph.addInitializer("sin", Models.random(1, 3, 2));
        List<String> inputs = List.of("x", "cos", "sin");
        Models.node(graph, "RotaryEmbedding", Attributes.none(), inputs, "y");
        graph.addOutput("y");
        Graph read = Models.read(folder, OnnxWriter.write(graph));
        Tensor two = Models.random(2, 2, 3, 4);
        float[] rows = two.toFloats();
        float[] second = Arrays.copyOfRange(rows, 24, 48);

        Tensor both = Ort.run(OnnxWriter.write(read), Map.of("x", two)).get("y");
        Tensor one =
                Ort.run(OnnxWriter.write(graph), Map.of("x", Tensor.floats(second, 1, 2, 3, 4)))
                        .get("y");

        assertThat(Arrays.copyOfRange(both.toFloats(), 24, 48)).isEqualTo(one.toFloats());
    }

    private void refused(Graph graph, String why) {
        assertThatThrownBy(() -> Models.read(folder, OnnxWriter.write(graph)))
                .hasMessageContaining(why)
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED));
    }

    private static void inputs(Graph graph, String... names) {
        for (String name : names) {
            graph.addInput(ValueInfo.of(name, ElementType.FLOAT, "batch", "4", "length", "8"));
        }
    }

    private static Graph attention(
            int heads, int keyHeads, boolean flat, String mask, int causal, float scale) {
        Graph graph = new Graph(23);
        GraphBuilder g = new GraphBuilder(graph, "t");
        graph.addInput(ValueInfo.of("x", ElementType.FLOAT, "batch", "length", "8"));
        Attributes attributes = Attributes.of("is_causal", causal);
        if (scale > 0) {
            attributes = attributes.with("scale", scale);
        }
        List<String> inputs = new ArrayList<>();
        int[] counts = {heads, keyHeads, keyHeads};
        for (int count : counts) {
            String weight = g.initializer("w", Models.random(8, count * 6L));
            String y = g.op("Mul", g.op("MatMul", "x", weight), g.scalar(inputs.size() + 1));
            inputs.add(flat ? y : g.transpose(g.reshape(y, 0, 0, count, 6), 0, 2, 1, 3));
        }
        if (!mask.equals("none")) {
            graph.addInput(ValueInfo.of("attention_mask", ElementType.FLOAT, "batch", "length"));
            String wide = g.op("Unsqueeze", "attention_mask", g.integers(1, 2));
            String truth = g.op("Greater", wide, g.scalar(0));
            inputs.add(square(g, mask.equals("truth") ? truth : wide));
        }
        if (flat) {
            attributes = attributes.with("q_num_heads", heads).with("kv_num_heads", keyHeads);
        }
        Models.node(graph, "Attention", attributes, inputs, "y");
        graph.addOutput("y");
        graph.prune();
        return graph;
    }

    /** [batch, 1, 1, length] as [batch, 1, length, length], which ONNX Runtime wants. */
    private static String square(GraphBuilder g, String mask) {
        String length = g.op("Shape", Attributes.of("start", 3), mask);
        String shape =
                g.op("Concat", Attributes.of("axis", 0), g.integers(1, 1), length, g.integers(1));
        return g.op("Expand", mask, shape);
    }

    private static Map<String, Tensor> feeds(String mask) {
        Random random = new Random(4);
        Map<String, Tensor> feeds = new HashMap<>();
        long[] shape = {ROWS[0], ROWS[1], 8};
        feeds.put("x", TensorFill.fill(ElementType.FLOAT, shape, i -> random.nextGaussian()));
        if (mask.equals("none")) {
            return feeds;
        }
        feeds.put(
                "attention_mask", Tensor.floats(new float[] {1, 1, 1, 1, 1, 1, 1, 1, 0, 0}, 2, 5));
        return feeds;
    }

    private static void assertClose(Map<String, Tensor> actual, Map<String, Tensor> expected) {
        assertThat(actual.get("y").shape()).isEqualTo(expected.get("y").shape());
        assertThat(actual.get("y").toFloats())
                .usingComparatorWithPrecision(1e-5f)
                .containsExactly(expected.get("y").toFloats());
    }
}
