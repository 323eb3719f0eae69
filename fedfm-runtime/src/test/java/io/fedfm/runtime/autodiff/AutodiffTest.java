package io.fedfm.runtime.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AutodiffTest {
    private final Graph graph = new Graph();
    private final GraphBuilder g = new GraphBuilder(graph, "f");

    @Test
    void computesNothingForFrozenWeightsNorBelowTheLowestParameter() {
        input("x", "2", "3");
        input("w", "3", "3");
        String frozen = g.initializer("frozen", Tensor.floats(new float[9], 3, 3));
        String below = g.op("MatMul", "x", frozen);
        String h = g.op("MatMul", g.op("Tanh", below), "w");
        String loss = total(g.op("MatMul", h, frozen));
        int before = graph.nodes().size();
        Autodiff.append(graph, shapes(), loss, List.of("w"));
        List<Node> appended = graph.nodes().subList(before, graph.nodes().size());
        assertThat(appended).filteredOn(node -> node.is("Gemm")).hasSize(2);
        assertThat(appended).noneMatch(node -> node.is("Tanh") || node.is("Transpose"));
    }

    @Test
    void givesZerosForAValueTheLossDoesNotDependOn() {
        input("x", "2", "3");
        input("unused", "4");
        String loss = total(g.op("Mul", "x", "x"));
        Map<String, String> gradients =
                Autodiff.append(graph, shapes(), loss, List.of("unused", "x"));
        graph.addOutput(gradients.get("unused"));
        Tensor zeros =
                GraphRunner.run(graph, Map.of("x", ones(2, 3), "unused", ones(4)))
                        .get(gradients.get("unused"));
        assertThat(zeros.toFloats()).containsExactly(0, 0, 0, 0);
    }

    @Test
    void differentiatesWithRespectToAValueInTheMiddle() {
        input("x", "2");
        String middle = g.op("Mul", "x", g.scalar(3));
        String loss = total(g.op("Mul", middle, middle));
        Map<String, String> gradients = Autodiff.append(graph, shapes(), loss, List.of(middle));
        graph.addOutput(gradients.get(middle));
        Tensor gradient = GraphRunner.run(graph, Map.of("x", ones(2))).get(gradients.get(middle));
        assertThat(gradient.toFloats()).containsExactly(6, 6);
    }

    @Test
    void pullsGivenCotangentsBack() {
        input("x", "2");
        String y = g.op("Mul", "x", g.scalar(3));
        input("dy", "2");
        Map<String, String> gradients =
                Autodiff.append(graph, shapes(), Map.of(y, "dy"), List.of("x"), Vjps.standard());
        graph.addOutput(gradients.get("x"));
        Tensor dy = Tensor.floats(new float[] {1, -2}, 2);
        Tensor gradient =
                GraphRunner.run(graph, Map.of("x", ones(2), "dy", dy)).get(gradients.get("x"));
        assertThat(gradient.toFloats()).containsExactly(3, -6);
    }

    @Test
    void stopsWhereItIsTold() {
        input("x", "2");
        String stopped = StopGradients.append(g, "x");
        String loss = total(g.op("Mul", "x", stopped));
        Graph plain = graph.copy();
        StopGradients.lower(plain);
        Shapes shapes = GraphRunner.shapes(plain, List.of(Map.of("x", ones(2))));
        Map<String, String> gradients = Autodiff.append(graph, shapes, loss, List.of("x"));
        graph.addOutput(gradients.get("x"));
        Tensor point = Tensor.floats(new float[] {4, 5}, 2);
        Tensor gradient = GraphRunner.run(graph, Map.of("x", point)).get(gradients.get("x"));
        assertThat(gradient.toFloats()).containsExactly(4, 5);
    }

    @Test
    void namesTheOperatorItCannotDifferentiate() {
        input("x", "2", "3");
        List<String> hard = g.ops("TopK", 2, Attributes.none(), g.op("Tanh", "x"), g.integers(2));
        String harder = g.op("Det", g.slice(hard.get(0), 0, 0, 2));
        String loss = total(harder);
        Shapes shapes = shapes();
        assertThatThrownBy(() -> Autodiff.append(graph.copy(), shapes, loss, List.of("x")))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.OPERATOR_UNSUPPORTED))
                .hasMessageContaining("operator Det (node 'f/Det_1')")
                .hasMessageContaining("'x'");
        assertThat(Autodiff.unsupported(graph, shapes, loss, List.of("x")))
                .hasSize(2)
                .anyMatch(line -> line.contains("Det"))
                .anyMatch(line -> line.contains("TopK"));
    }

    @Test
    void refusesToDifferentiateInDoublePrecision() {
        input("x", "2");
        String wide = g.op("Exp", g.cast("x", ElementType.DOUBLE));
        String loss = total(g.cast(wide, ElementType.FLOAT));
        assertThat(Autodiff.unsupported(graph, shapes(), loss, List.of("x")))
                .singleElement()
                .asString()
                .contains("Exp", "DOUBLE");
    }

    @Test
    void anOwnDerivativeTakesTheOperatorsPlace() {
        input("x", "2");
        String loss = total(g.op("Tanh", "x"));
        Vjps straightThrough =
                Vjps.standard()
                        .with(
                                "Tanh",
                                (node, c) ->
                                        c.contributeReduced(
                                                node.input(0), c.of(node.output()), node.output()));
        Shapes shapes = shapes();
        String one = g.initializer("one", Tensor.floats(new float[] {1}));
        Map<String, String> gradients =
                Autodiff.append(graph, shapes, Map.of(loss, one), List.of("x"), straightThrough);
        graph.addOutput(gradients.get("x"));
        assertThat(GraphRunner.run(graph, Map.of("x", ones(2))).get(gradients.get("x")).toFloats())
                .containsExactly(1, 1);
    }

    /** Scaled dot product attention as it is exported, with a row that may look at nothing. */
    @Test
    void rowsThatAreMaskedWholeHaveNoGradientInsteadOfNan() {
        input("x", "2", "2");
        String infinity = g.scalar(Double.NEGATIVE_INFINITY);
        String mask = g.initializer("mask", Tensor.floats(new float[] {1, 1, 0, 0}, 2, 2));
        String masked = g.op("Where", g.op("Greater", mask, g.scalar(0)), "x", infinity);
        String p = g.op("Softmax", Attributes.of("axis", -1), masked);
        String guarded = g.op("Where", g.op("IsNaN", p), g.scalar(0), p);
        String loss = total(g.op("Mul", guarded, "x"));
        Map<String, String> gradients = Autodiff.append(graph, shapes(), loss, List.of("x"));
        graph.addOutput(gradients.get("x"));
        float[] gradient =
                GraphRunner.run(graph, Map.of("x", Tensor.floats(new float[] {1, 2, 3, 4}, 2, 2)))
                        .get(gradients.get("x"))
                        .toFloats();
        double q = 1 / (1 + Math.exp(-1));
        assertThat(gradient[0]).isCloseTo((float) (1 - q - q * (1 - q)), offset());
        assertThat(gradient[1]).isCloseTo((float) (q + q * (1 - q)), offset());
        assertThat(gradient[2]).isZero();
        assertThat(gradient[3]).isZero();
    }

    private static org.assertj.core.data.Offset<Float> offset() {
        return org.assertj.core.data.Offset.offset(1e-6f);
    }

    @Test
    void equalOperandsOfAMaximumShareTheCotangent() {
        input("x", "1");
        input("y", "1");
        String loss = total(g.op("Max", "x", "y"));
        Map<String, String> gradients = Autodiff.append(graph, shapes(), loss, List.of("x", "y"));
        gradients.values().forEach(graph::addOutput);
        Map<String, Tensor> found = GraphRunner.run(graph, Map.of("x", ones(1), "y", ones(1)));
        assertThat(found.get(gradients.get("x")).toFloats()).containsExactly(0.5f);
        assertThat(found.get(gradients.get("y")).toFloats()).containsExactly(0.5f);
    }

    private void input(String name, String... shape) {
        graph.addInput(ValueInfo.of(name, ElementType.FLOAT, shape));
    }

    private String total(String value) {
        String loss = g.op("ReduceSum", Attributes.of("keepdims", 0), value);
        graph.addOutput(loss);
        return loss;
    }

    private Shapes shapes() {
        Map<String, Tensor> feeds = new java.util.HashMap<>();
        graph.inputs()
                .forEach(
                        (name, info) ->
                                feeds.put(
                                        name,
                                        ones(
                                                info.dimensions().stream()
                                                        .mapToLong(Long::parseLong)
                                                        .toArray())));
        return GraphRunner.shapes(graph, List.of(feeds));
    }

    private static Tensor ones(long... shape) {
        float[] values = new float[(int) java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        java.util.Arrays.fill(values, 1);
        return Tensor.floats(values, shape);
    }
}
