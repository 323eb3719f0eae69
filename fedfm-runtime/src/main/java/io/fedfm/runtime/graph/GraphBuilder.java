package io.fedfm.runtime.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes nodes to the end of a graph; every method returns the name of the new value.
 *
 * <p>Small constants are made once each. All nodes written carry a common name prefix.
 */
public final class GraphBuilder {
    private final Graph graph;
    private final String prefix;
    private final String modulePath;
    private final Map<String, String> constants = new HashMap<>();

    /** Writes to {@code graph}; names start with {@code prefix}. */
    public GraphBuilder(Graph graph, String prefix) {
        this(graph, prefix, "");
    }

    /** The same for nodes of a module. */
    GraphBuilder(Graph graph, String prefix, String modulePath) {
        this.graph = graph;
        this.prefix = prefix;
        this.modulePath = modulePath;
    }

    /** The graph written to. */
    public Graph graph() {
        return graph;
    }

    /** A node with one output. */
    public String op(String op, String... inputs) {
        return op(op, Attributes.none(), inputs);
    }

    /** A node with attributes and one output. */
    public String op(String op, Attributes attributes, String... inputs) {
        return ops(op, 1, attributes, inputs).get(0);
    }

    /** A node with several outputs. */
    public List<String> ops(String op, int outputs, Attributes attributes, String... inputs) {
        return add("", op, outputs, attributes, inputs);
    }

    /** The operator of another node, which may be none of the standard, with other inputs. */
    public String like(Node node, String... inputs) {
        return add(node.domain(), node.op(), 1, node.attributes(), inputs).get(0);
    }

    private List<String> add(
            String domain, String op, int outputs, Attributes attributes, String... inputs) {
        String stem = prefix + "/" + op;
        List<String> names =
                java.util.stream.IntStream.range(0, outputs)
                        .mapToObj(i -> graph.freshName(stem))
                        .toList();
        graph.addNode(
                new Node(
                        domain,
                        op,
                        names.get(0),
                        Arrays.asList(inputs),
                        names,
                        attributes,
                        modulePath));
        return names;
    }

    /** A float scalar. */
    public String scalar(double value) {
        return constants.computeIfAbsent(
                "f" + (float) value,
                k -> initializer("scalar", Tensor.floats(new float[] {(float) value})));
    }

    /** A 64-bit integer scalar. */
    public String integer(long value) {
        return constants.computeIfAbsent(
                "i" + value, k -> initializer("integer", Tensor.longs(new long[] {value})));
    }

    /** A vector of 64-bit integers: axes, shapes. */
    public String integers(long... values) {
        return constants.computeIfAbsent(
                "v" + Arrays.toString(values),
                k -> initializer("integers", Tensor.longs(values, values.length)));
    }

    /** A constant of its own. */
    public String initializer(String stem, Tensor value) {
        String name = graph.freshName(prefix + "/" + stem);
        graph.addInitializer(name, value);
        return name;
    }

    /** Sums over axes. */
    public String reduceSum(String value, boolean keep, long... axes) {
        return op("ReduceSum", Attributes.of("keepdims", keep ? 1 : 0), value, integers(axes));
    }

    /** Averages over axes. */
    public String reduceMean(String value, boolean keep, long... axes) {
        return op("ReduceMean", Attributes.of("keepdims", keep ? 1 : 0), value, integers(axes));
    }

    /** Reshapes to a constant shape (0 copies, -1 infers). */
    public String reshape(String value, long... shape) {
        return op("Reshape", value, integers(shape));
    }

    /** Reorders axes. */
    public String transpose(String value, long... permutation) {
        return op("Transpose", Attributes.of("perm", permutation), value);
    }

    /** The part of a value from {@code from} to {@code to} along an axis. */
    public String slice(String value, long axis, long from, long to) {
        return op("Slice", value, integers(from), integers(to), integers(axis));
    }

    /** Converts the elements. */
    public String cast(String value, ElementType type) {
        return op("Cast", Attributes.of("to", type.onnx()), value);
    }
}
