package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What is known of the values of the forward graph: types, shapes, constants, neighbours. */
public final class ForwardValues {
    private final Shapes shapes;
    private final Map<String, Tensor> constants;
    private final Map<String, Node> producers;
    private final Map<String, List<Node>> consumers;

    /** The values of a graph before anything is appended to it. */
    public ForwardValues(Graph graph, Shapes shapes) {
        this.shapes = shapes;
        this.constants = graph.initializers();
        this.producers = graph.producers();
        this.consumers = graph.consumers();
    }

    /** The element type; null where it was not observed. */
    public ElementType type(String value) {
        Tensor constant = constants.get(value);
        return constant == null ? shapes.type(value) : constant.type();
    }

    /** Whether gradients flow through the value; one that was not observed counts as float. */
    public boolean isFloat(String value) {
        ElementType type = type(value);
        return type == null
                || type == ElementType.FLOAT
                || type == ElementType.DOUBLE
                || type == ElementType.FLOAT16;
    }

    /** The shape in each probe. */
    public List<long[]> observed(String value) {
        Tensor constant = constants.get(value);
        if (shapes.has(value) || constant == null) {
            return shapes.observed(value);
        }
        return Collections.singletonList(constant.shape());
    }

    /** The dimensions, {@link Shapes#VARIES} where the probes differ. */
    public long[] dimensions(String value) {
        return shapes.has(value) ? shapes.dimensions(value) : observed(value).get(0).clone();
    }

    /** The number of axes. */
    public int rank(String value) {
        return observed(value).get(0).length;
    }

    /** An axis of the value, counted from the first. */
    public int axis(String value, long axis) {
        return Math.toIntExact(axis < 0 ? axis + rank(value) : axis);
    }

    /** Whether two axes have the same dimension in every probe. */
    public boolean sameDimension(String a, int axisOfA, String b, int axisOfB) {
        List<long[]> first = observed(a);
        List<long[]> second = observed(b);
        if (first.size() != second.size()) {
            return dimensions(a)[axisOfA] != Shapes.VARIES
                    && dimensions(a)[axisOfA] == dimensions(b)[axisOfB];
        }
        for (int probe = 0; probe < first.size(); probe++) {
            if (first.get(probe)[axisOfA] != second.get(probe)[axisOfB]) {
                return false;
            }
        }
        return true;
    }

    /** The constant of this name, or null if the value is computed. */
    public Tensor constant(String value) {
        return constants.get(value);
    }

    /** The integers of a constant input that the derivative depends on; null if it is left out. */
    public long[] integers(Node node, int input) {
        if (node.input(input).isEmpty()) {
            return null;
        }
        Tensor constant = constant(node.input(input));
        if (constant == null) {
            throw new NoDerivative("its input " + input + " is not a constant");
        }
        return constant.toLongs();
    }

    /** The node that makes a value; null for inputs and constants. */
    public Node producer(String value) {
        return producers.get(value);
    }

    /** The nodes that use a value. */
    public List<Node> consumers(String value) {
        return consumers.getOrDefault(value, List.of());
    }
}
