package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.QuantisedWeights;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Ways through a graph: who makes a value, who uses it, and what kind of value it is.
 *
 * <p>A <em>constant</em> depends on no input. The <em>stream</em> is what a forward pass computes
 * with: float values that come from an embedding table or from a float input of three axes or more.
 * Masks, positions and shapes are neither.
 */
final class Walk {
    private static final Set<String> SHAPE_OPS =
            Set.of("Reshape", "Transpose", "Cast", "Squeeze", "Unsqueeze", "Flatten", "Identity");

    private final Graph graph;
    private final Shapes shapes;
    private final Map<String, Node> producers;
    private final Map<String, List<Node>> consumers;
    private final Map<String, Integer> positions = new HashMap<>();
    private final Set<String> constants = new HashSet<>();
    private final Set<String> stream = new HashSet<>();

    Walk(Graph whole, Shapes shapes) {
        this.graph = FloatView.of(whole);
        this.shapes = shapes;
        this.producers = graph.producers();
        this.consumers = graph.consumers();
        constants.addAll(graph.initializers().keySet());
        graph.inputs().keySet().stream().filter(this::isFloatInput).forEach(stream::add);
        for (Node node : graph.nodes()) {
            positions.put(node.name(), positions.size());
            classify(node);
        }
    }

    private boolean isFloatInput(String input) {
        return isFloat(input) && rank(input) >= 3;
    }

    private void classify(Node node) {
        List<String> inputs = node.inputs().stream().filter(i -> !i.isEmpty()).toList();
        if (!inputs.isEmpty() && constants.containsAll(inputs)) {
            constants.addAll(node.outputs());
        } else if (looksUp(node) || inputs.stream().anyMatch(stream::contains)) {
            node.outputs().stream().filter(this::isFloat).forEach(stream::add);
        }
    }

    /** The element type, or null where nothing is known. */
    ElementType type(String value) {
        Tensor tensor = graph.initializers().get(value);
        return tensor != null ? tensor.type() : shapes.has(value) ? shapes.type(value) : null;
    }

    private boolean isFloat(String value) {
        ElementType type = type(value);
        return type == ElementType.FLOAT
                || type == ElementType.FLOAT16
                || type == ElementType.DOUBLE;
    }

    /** Whether the node looks rows up in a constant float table. */
    boolean looksUp(Node node) {
        return node.is("Gather")
                && node.attributes().integer("axis", 0) == 0
                && constants.contains(node.input(0))
                && !constants.contains(node.input(1))
                && isFloat(node.output())
                && rank(node.input(0)) == 2;
    }

    Graph graph() {
        return graph;
    }

    /** The node that makes the value, or null. */
    Node producer(String value) {
        return producers.get(value);
    }

    /** Whether an operator of this kind makes the value. */
    boolean isMadeBy(String value, String op) {
        Node node = producers.get(value);
        return node != null && node.is(op);
    }

    /** The nodes that use the value, in order. */
    List<Node> consumers(String value) {
        return consumers.getOrDefault(value, List.of());
    }

    /** The only user of a value that is no output of the graph, or null. */
    Node onlyConsumer(String value) {
        List<Node> users = consumers(value);
        return users.size() == 1 && !graph.outputs().contains(value) ? users.get(0) : null;
    }

    /** The place in the topological order of the node that makes the value; -1 if none does. */
    int position(String value) {
        Node node = producers.get(value);
        return node == null ? -1 : positions.get(node.name());
    }

    boolean isConstant(String value) {
        return constants.contains(value);
    }

    boolean isStream(String value) {
        return stream.contains(value);
    }

    /** The inputs of the node that are on the stream. */
    List<String> streamInputs(Node node) {
        return node.inputs().stream().filter(stream::contains).toList();
    }

    /** The other input of an operator of two. */
    static String other(Node node, String input) {
        return node.input(0).equals(input) ? node.input(1) : node.input(0);
    }

    /** The dimensions, {@link Shapes#VARIES} where they do; none where nothing is known. */
    long[] dimensions(String value) {
        Tensor tensor = graph.initializers().get(value);
        if (tensor != null) {
            return tensor.shape();
        }
        return shapes.has(value) ? shapes.dimensions(value) : new long[0];
    }

    /** Whether a constant is stored as integers. */
    boolean isQuantised(String value) {
        Node node = producers.get(value);
        Tensor tensor = graph.initializers().get(value);
        return node != null && QuantisedWeights.isMadeBy(node, graph)
                || tensor != null && QuantisedWeights.isNarrow(tensor);
    }

    int rank(String value) {
        return dimensions(value).length;
    }

    /** The size of the last axis; 1 for a scalar. */
    long width(String value) {
        long[] dimensions = dimensions(value);
        return dimensions.length == 0 ? 1 : dimensions[dimensions.length - 1];
    }

    /** The value before any reshapes, transposes and casts. */
    String beforeShapes(String value) {
        return before(value, SHAPE_OPS);
    }

    /** The value before any casts. */
    String beforeCasts(String value) {
        return before(value, Set.of("Cast", "Identity"));
    }

    private String before(String value, Set<String> ops) {
        String current = value;
        Node node = producers.get(current);
        while (node != null && node.domain().isEmpty() && ops.contains(node.op())) {
            current = node.input(0);
            node = producers.get(current);
        }
        return current;
    }

    static boolean isShapeOp(Node node) {
        return node.domain().isEmpty() && SHAPE_OPS.contains(node.op());
    }

    /** All values on the stream that the value depends on, itself included. */
    Set<String> ancestors(String value) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(value));
        while (!open.isEmpty()) {
            String current = open.pop();
            Node node = producers.get(current);
            if (seen.add(current) && node != null) {
                open.addAll(streamInputs(node));
            }
        }
        return seen;
    }

    /** The number that a constant scalar holds, or NaN. */
    double number(String value) {
        Tensor tensor = graph.initializers().get(value);
        if (tensor == null || tensor.size() != 1 || tensor.type() != ElementType.FLOAT) {
            return Double.NaN;
        }
        return tensor.toFloats()[0];
    }

    /** The integers of an initializer, or null if the value is none. */
    long[] integers(String value) {
        Tensor tensor = graph.initializers().get(value);
        boolean integers =
                tensor != null
                        && (tensor.type() == ElementType.INT64
                                || tensor.type() == ElementType.INT32);
        return integers ? tensor.toLongs() : null;
    }
}
