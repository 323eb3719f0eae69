package io.fedfm.runtime.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import io.fedfm.runtime.oracle.GraphGradients;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Compares appended gradients with PyTorch's autograd and with central differences.
 *
 * <p>An input's shape is written "B L 4"; B and L take other numbers in each probe, and again
 * others (B = 1) in the last run, which the shapes have not seen.
 */
final class GradientCheck {
    private static final int[][] PROBES = {{2, 3}, {3, 5}};
    private static final int[][] RUNS = {{2, 3}, {1, 4}};

    private final String[] inputs;
    private final Function<GraphBuilder, String> body;
    private final Random random = new Random(7);
    private float low = -2;
    private float high = 2;

    /** A graph of inputs x0, x1, ... whose result is what {@code body} returns. */
    GradientCheck(Function<GraphBuilder, String> body, String... inputs) {
        this.body = body;
        this.inputs = inputs;
    }

    /** Draws the inputs from another range. */
    GradientCheck between(double from, double to) {
        low = (float) from;
        high = (float) to;
        return this;
    }

    /** Checks all gradients; returns the graph with them. */
    Graph verify() {
        Graph graph = new Graph();
        for (int i = 0; i < inputs.length; i++) {
            graph.addInput(ValueInfo.of("x" + i, ElementType.FLOAT, symbols(inputs[i])));
        }
        GraphBuilder g = new GraphBuilder(graph, "f");
        String y = body.apply(g);
        String wave = g.op("Sin", g.op("Add", g.op("Mul", y, g.scalar(0.9)), g.scalar(0.3)));
        String loss = g.op("ReduceSum", Attributes.of("keepdims", 0), wave);
        graph.addOutput(loss);
        graph.addOutput(y);
        Shapes shapes = GraphRunner.shapes(graph, Arrays.stream(PROBES).map(this::draw).toList());
        Graph forward = graph.copy();
        List<String> wanted = IntStream.range(0, inputs.length).mapToObj(i -> "x" + i).toList();
        Map<String, String> gradients = Autodiff.append(graph, shapes, loss, wanted);
        gradients.values().forEach(graph::addOutput);
        try (GraphRunner runner = new GraphRunner(graph)) {
            for (int[] run : RUNS) {
                compare(runner, forward, gradients, loss, draw(run));
            }
        }
        return graph;
    }

    private void compare(
            GraphRunner runner,
            Graph forward,
            Map<String, String> gradients,
            String loss,
            Map<String, Tensor> point) {
        Map<String, Tensor> result = runner.run(point);
        GraphGradients oracle = GraphGradients.of(forward, Map.of(), loss, point);
        assertThat((double) result.get(loss).toFloats()[0])
                .as("loss")
                .isCloseTo(oracle.loss(), within(1e-5 * Math.max(1, Math.abs(oracle.loss()))));
        Map<String, Tensor> found = new LinkedHashMap<>();
        gradients.forEach((value, gradient) -> found.put(value, result.get(gradient)));
        found.forEach(
                (value, gradient) -> {
                    assertThat(gradient.shape()).as(value).isEqualTo(point.get(value).shape());
                    assertClose(value, gradient, oracle.gradients().get(value), 1e-5);
                });
        assertSlope(runner, loss, point, found);
    }

    /** The difference of the loss along a random direction against the gradient along it. */
    private void assertSlope(
            GraphRunner runner,
            String loss,
            Map<String, Tensor> point,
            Map<String, Tensor> gradients) {
        double step = 4e-3;
        Map<String, Tensor> ahead = new LinkedHashMap<>();
        Map<String, Tensor> behind = new LinkedHashMap<>();
        double expected = 0;
        double norm = 0;
        for (Map.Entry<String, Tensor> entry : point.entrySet()) {
            float[] x = entry.getValue().toFloats();
            float[] gradient = gradients.get(entry.getKey()).toFloats();
            float[] plus = x.clone();
            float[] minus = x.clone();
            for (int i = 0; i < x.length; i++) {
                double direction = random.nextBoolean() ? 1 : -1;
                plus[i] += (float) (step * direction);
                minus[i] -= (float) (step * direction);
                expected += gradient[i] * direction;
                norm += gradient[i] * gradient[i];
            }
            ahead.put(entry.getKey(), Tensor.floats(plus, entry.getValue().shape()));
            behind.put(entry.getKey(), Tensor.floats(minus, entry.getValue().shape()));
        }
        double difference =
                (double) runner.run(ahead).get(loss).toFloats()[0]
                        - runner.run(behind).get(loss).toFloats()[0];
        assertThat(difference / (2 * step))
                .as("slope along a direction")
                .isCloseTo(expected, within(1e-2 * Math.max(0.1, Math.sqrt(norm))));
    }

    static void assertClose(String what, Tensor found, Tensor expected, double relative) {
        float[] a = found.toFloats();
        float[] b = expected.toFloats();
        assertThat(a).as(what).hasSameSizeAs(b);
        double scale = 1e-3;
        for (float value : b) {
            scale = Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < a.length; i++) {
            assertThat((double) a[i])
                    .as("%s[%d]", what, i)
                    .isCloseTo(b[i], within(relative * scale));
        }
    }

    private static org.assertj.core.data.Offset<Double> within(double offset) {
        return org.assertj.core.data.Offset.offset(offset);
    }

    private Map<String, Tensor> draw(int[] sizes) {
        Map<String, Tensor> point = new LinkedHashMap<>();
        for (int i = 0; i < inputs.length; i++) {
            long[] shape =
                    new ArrayList<>(List.of(symbols(inputs[i])))
                            .stream()
                                    .mapToLong(
                                            s ->
                                                    s.equals("B")
                                                            ? sizes[0]
                                                            : s.equals("L")
                                                                    ? sizes[1]
                                                                    : Long.parseLong(s))
                                    .toArray();
            long size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            // A shuffled grid: no two elements are so near that a difference crosses a kink.
            List<Integer> places = new ArrayList<>(IntStream.range(0, (int) size).boxed().toList());
            Collections.shuffle(places, random);
            float[] values = new float[(int) size];
            for (int k = 0; k < values.length; k++) {
                values[k] = (float) (low + (high - low) * (places.get(k) + 0.2 + 0.37 * i) / size);
            }
            point.put("x" + i, Tensor.floats(values, shape));
        }
        return point;
    }

    private static String[] symbols(String shape) {
        return shape.isEmpty() ? new String[0] : shape.split(" ");
    }
}
