package io.fedfm.runtime.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Weights that a graph keeps as integers: constants made by {@code DequantizeLinear} from other
 * constants.
 */
public final class QuantisedWeights {
    private QuantisedWeights() {}

    /** Whether a node makes floats of constant integers. */
    public static boolean isMadeBy(Node node, Graph graph) {
        return node.is("DequantizeLinear")
                && node.inputs().stream()
                        .allMatch(i -> i.isEmpty() || graph.initializers().containsKey(i));
    }

    /** The nodes that make such weights, by the float value they make. */
    public static Map<String, Node> of(Graph graph) {
        Map<String, Node> weights = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (isMadeBy(node, graph)) {
                weights.put(node.output(), node);
            }
        }
        return weights;
    }

    /** The integers behind a float value; empty if it is no such weight. */
    public static Optional<Tensor> integers(Graph graph, String value) {
        return graph.nodes().stream()
                .filter(node -> node.outputs().contains(value) && isMadeBy(node, graph))
                .map(node -> graph.initializers().get(node.input(0)))
                .findFirst();
    }

    /**
     * What makes floats of a whole table of integers that rows are looked up in; empty for floats.
     */
    public static Optional<List<String>> table(Graph graph, String table) {
        Map<String, Node> producers = graph.producers();
        for (Node node : graph.nodes()) {
            Node rows = producers.get(node.input(0));
            if (node.is("DequantizeLinear")
                    && rows != null
                    && rows.is("Gather")
                    && rows.input(0).equals(table)) {
                List<String> inputs = new ArrayList<>(node.inputs());
                inputs.set(0, table);
                return Optional.of(inputs);
            }
        }
        return Optional.empty();
    }

    /** Whether a constant is stored as integers of 8 bits. */
    public static boolean isNarrow(Tensor tensor) {
        return tensor.type() == ElementType.INT8 || tensor.type() == ElementType.UINT8;
    }

    /** The numbers {@code (q - z) s} that a node makes of constants. */
    public static Tensor floats(Graph graph, Node node) {
        Tensor integers = graph.initializers().get(node.input(0));
        float[] scale = graph.initializers().get(node.input(1)).toFloats();
        Tensor zeroPoint = graph.initializers().get(node.input(2));
        long[] zero = zeroPoint == null ? new long[scale.length] : zeroPoint.toLongs();
        long[] shape = integers.shape();
        long axis = node.attributes().integer("axis", 1);
        int along = Math.toIntExact(axis < 0 ? axis + shape.length : axis);
        long inner = 1;
        for (int i = along + 1; i < shape.length; i++) {
            inner *= shape[i];
        }
        long[] values = integers.toLongs();
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            int channel = scale.length == 1 ? 0 : (int) (i / inner % scale.length);
            floats[i] = (values[i] - zero[channel]) * scale[channel];
        }
        return Tensor.floats(floats, shape);
    }
}
