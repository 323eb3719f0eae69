package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which parameters are given back to their modules, and which stay one. */
final class SharedInitializersTest {
    private final Graph graph = new Graph();

    SharedInitializersTest() {
        graph.addInitializer("zeros", Tensor.floats(new float[4], 4));
    }

    @Test
    void mergedBiasesGoBackToTheirModules() {
        graph.addInitializer("bert.layer.0.query.bias", Tensor.floats(new float[4], 4));
        add("Add", "bert.layer.0.key", "k", "bert.layer.0.query.bias");
        add("Add", "bert.layer.0.query", "bert.layer.0.query.bias", "q");
        add("LayerNormalization", "bert.norm", "h", "ones", "bert.layer.0.query.bias");

        SharedInitializers.separate(graph);

        assertThat(inputs(0)).containsExactly("k", "bert.layer.0.key.bias");
        assertThat(inputs(1)).containsExactly("bert.layer.0.query.bias", "q");
        assertThat(inputs(2)).containsExactly("h", "ones", "bert.norm.bias");
        assertThat(graph.initializers())
                .containsOnlyKeys(
                        "zeros",
                        "bert.layer.0.query.bias",
                        "bert.layer.0.key.bias",
                        "bert.norm.bias");
    }

    @Test
    void namesKeepThePrefixOfTheModelInAWrapper() {
        graph.addInitializer("wrapped.a.bias", Tensor.floats(new float[4], 4));
        add("Add", "a", "x", "wrapped.a.bias");
        add("Add", "b", "y", "wrapped.a.bias");

        SharedInitializers.separate(graph);

        assertThat(inputs(1)).containsExactly("y", "wrapped.b.bias");
    }

    @Test
    void twoParametersOfOneModuleAreTwo() {
        graph.addInitializer("bn.bias", Tensor.floats(new float[4], 4));
        add("BatchNormalization", "bn", "x", "one", "bn.bias", "bn.bias", "var");

        SharedInitializers.separate(graph);

        assertThat(inputs(0)).containsExactly("x", "one", "bn.bias", "bn.running_mean", "var");
    }

    @Test
    void aModuleThatIsCalledAgainIsOne() {
        graph.addInitializer("layer.query.bias", Tensor.floats(new float[4], 4));
        add("Add", "layer.query", "x", "layer.query.bias");
        add("Add", "layer.query", "y", "layer.query.bias");
        add("Add", "layer.query_1", "z", "layer.query.bias");

        SharedInitializers.separate(graph);

        assertThat(graph.initializers()).containsOnlyKeys("zeros", "layer.query.bias");
    }

    @Test
    void aNumberedModuleWithParametersOfItsOwnIsAnother() {
        graph.addInitializer("norm.bias", Tensor.floats(new float[4], 4));
        graph.addInitializer("norm_1.weight", Tensor.floats(new float[] {1, 2}, 2));
        add("LayerNormalization", "norm", "x", "w", "norm.bias");
        add("LayerNormalization", "norm_1", "y", "norm_1.weight", "norm.bias");

        SharedInitializers.separate(graph);

        assertThat(inputs(1)).containsExactly("y", "norm_1.weight", "norm_1.bias");
    }

    @Test
    void aTableThatIsAlsoTheHeadStaysOne() {
        graph.addInitializer("wte.weight", Tensor.floats(new float[] {1, 2, 3, 4}, 2, 2));
        add("Gather", "wte", "wte.weight", "input_ids");
        add("MatMul", "lm_head", "x", "wte.weight");

        SharedInitializers.separate(graph);

        assertThat(inputs(1)).containsExactly("x", "wte.weight");
    }

    @Test
    void copiedMatricesOfAnExportersMakingAreSeparatedToo() {
        graph.addInitializer("onnx::MatMul_7", Tensor.floats(new float[] {1, 2, 3, 4}, 2, 2));
        add("MatMul", "layers.0.linear", "x", "onnx::MatMul_7");
        add("MatMul", "layers.1.linear", "y", "onnx::MatMul_7");

        SharedInitializers.separate(graph);

        assertThat(inputs(0)).containsExactly("x", "onnx::MatMul_7");
        assertThat(inputs(1)).containsExactly("y", "onnx::MatMul_7_1");
    }

    @Test
    void withoutModulesOnlyUniformValuesAreSeparated() {
        graph.addInitializer("fresh", Tensor.floats(new float[] {1, 1}, 2));
        graph.addInitializer("trained", Tensor.floats(new float[] {1, 2}, 2));
        add("LayerNormalization", "", "x", "fresh", "trained");
        add("LayerNormalization", "", "y", "fresh", "trained");

        SharedInitializers.separate(graph);

        assertThat(inputs(0)).containsExactly("x", "fresh", "trained");
        assertThat(inputs(1)).containsExactly("y", "fresh_1", "trained");
    }

    @Test
    void tablesInSumsAndIntegersAreNoParameters() {
        graph.addInitializer("mask", Tensor.floats(new float[4], 2, 2));
        graph.addInitializer("shape", Tensor.longs(new long[] {1, 1}, 2));
        add("Add", "a", "x", "mask");
        add("Add", "b", "y", "mask");
        add("Reshape", "a", "x", "shape");
        add("Reshape", "b", "y", "shape");

        SharedInitializers.separate(graph);

        assertThat(graph.initializers()).containsOnlyKeys("zeros", "mask", "shape");
    }

    private void add(String op, String module, String... inputs) {
        String name = "n" + graph.nodes().size();
        graph.addNode(
                new Node(
                        "",
                        op,
                        name,
                        List.of(inputs),
                        List.of(name + "_out"),
                        Attributes.none(),
                        module));
    }

    private List<String> inputs(int node) {
        return graph.nodes().get(node).inputs();
    }
}
