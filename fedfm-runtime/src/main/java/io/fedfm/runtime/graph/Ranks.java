package io.fedfm.runtime.graph;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The number of axes of a graph's values, as far as the operators tell it without running them.
 *
 * <p>Only conversions need it, and they have a way out where a rank is unknown; so rules exist for
 * the operators around a softmax and no others.
 */
final class Ranks {
    private static final Set<String> SAME =
            Set.of(
                    "Cast",
                    "Clip",
                    "Conv",
                    "CumSum",
                    "Dropout",
                    "Erf",
                    "Exp",
                    "Identity",
                    "LayerNormalization",
                    "LeakyRelu",
                    "Log",
                    "LogSoftmax",
                    "Neg",
                    "Not",
                    "Reciprocal",
                    "Relu",
                    "Sigmoid",
                    "Slice",
                    "Softmax",
                    "Split",
                    "Sqrt",
                    "Tanh",
                    "BatchNormalization",
                    "Concat");
    private static final Set<String> BROADCAST =
            Set.of(
                    "Add", "And", "Div", "Equal", "Greater", "Less", "Max", "Min", "Mul", "Or",
                    "Pow", "Sub", "Where");

    private final Graph graph;
    private final Map<String, Integer> ranks = new HashMap<>();

    /** The lengths of vectors, which are mostly shapes. */
    private final Map<String, Integer> lengths = new HashMap<>();

    /** The value that a vector is the shape of. */
    private final Map<String, String> measured = new HashMap<>();

    Ranks(Graph graph, Map<String, Integer> declared) {
        this.graph = graph;
        ranks.putAll(declared);
        graph.inputs().forEach((name, input) -> ranks.put(name, input.dimensions().size()));
        graph.initializers().forEach(this::constant);
        graph.nodes().forEach(this::infer);
    }

    /** The number of axes of a value, if it is known. */
    OptionalInt rank(String value) {
        return ranks.containsKey(value) ? OptionalInt.of(ranks.get(value)) : OptionalInt.empty();
    }

    private void constant(String name, Tensor value) {
        ranks.put(name, value.shape().length);
        if (value.shape().length == 1) {
            lengths.put(name, Math.toIntExact(value.shape()[0]));
        }
    }

    private void infer(Node node) {
        Integer rank = outputRank(node);
        for (String output : node.outputs()) {
            if (rank != null) {
                ranks.putIfAbsent(output, rank);
            }
        }
        if (node.is("Shape")) {
            measured.put(node.output(), node.input(0));
        }
        Integer length = outputLength(node);
        if (length != null && !node.outputs().isEmpty()) {
            lengths.put(node.output(), length);
        }
    }

    private Integer outputRank(Node node) {
        Integer first = ranks.get(node.input(0));
        if (SAME.contains(node.op())) {
            return first;
        }
        if (BROADCAST.contains(node.op()) || node.op().equals("MatMul")) {
            return largest(node);
        }
        return switch (node.op()) {
            case "Transpose" ->
                    node.attributes().has("perm")
                            ? (Integer) node.attributes().integers("perm").length
                            : first;
            case "Reshape" -> lengths.get(node.input(1));
            case "ConstantOfShape" -> lengths.get(node.input(0));
            case "Expand" -> expanded(first, lengths.get(node.input(1)));
            case "Flatten", "Gemm", "NonZero" -> 2;
            case "ReduceMean", "ReduceSum" ->
                    node.attributes().integer("keepdims", 1) == 1 ? first : null;
            case "Shape", "Range" -> 1;
            case "Gather" -> sum(first, ranks.get(node.input(1)), -1);
            case "Unsqueeze" -> sum(first, axes(node), 0);
            case "Squeeze" -> squeezed(first, axes(node));
            default -> null;
        };
    }

    private static Integer squeezed(Integer rank, Integer axes) {
        return rank == null || axes == null ? null : (Integer) (rank - axes);
    }

    private static Integer expanded(Integer rank, Integer length) {
        return rank == null || length == null ? null : (Integer) Math.max(rank, length);
    }

    private Integer outputLength(Node node) {
        if (BROADCAST.contains(node.op())) {
            return longest(node);
        }
        return switch (node.op()) {
            case "Shape" -> node.attributes().names().isEmpty() ? ranks.get(node.input(0)) : null;
            case "Cast", "Identity" -> lengths.get(node.input(0));
            case "Reshape" ->
                    Integer.valueOf(1).equals(ranks.get(node.output()))
                            ? lengths.get(node.input(0))
                            : null;
            case "ConstantOfShape" -> filled(node.input(0));
            case "Unsqueeze" -> Integer.valueOf(0).equals(ranks.get(node.input(0))) ? 1 : null;
            case "Concat" -> {
                Integer total = 0;
                for (String input : node.inputs()) {
                    total = sum(total, lengths.get(input), 0);
                }
                yield total;
            }
            default -> null;
        };
    }

    /** A vector as long as another one has axes, or as a constant says. */
    private Integer filled(String shape) {
        Tensor constant = graph.initializers().get(shape);
        boolean one =
                constant != null && constant.size() == 1 && constant.type() == ElementType.INT64;
        return one
                ? Integer.valueOf(Math.toIntExact(constant.toLongs()[0]))
                : lengths.get(measured.get(shape));
    }

    /** Of vectors and scalars. */
    private Integer longest(Node node) {
        int longest = 0;
        for (String input : node.inputs()) {
            Integer length =
                    Integer.valueOf(0).equals(ranks.get(input)) ? (Integer) 1 : lengths.get(input);
            if (length == null) {
                return null;
            }
            longest = Math.max(longest, length);
        }
        return longest;
    }

    /** Of a product of matrices too, unless one side is a vector. */
    private Integer largest(Node node) {
        int largest = 0;
        for (String input : node.inputs()) {
            Integer rank = ranks.get(input);
            if (rank == null || (rank < 2 && node.op().equals("MatMul"))) {
                return null;
            }
            largest = Math.max(largest, rank);
        }
        return largest;
    }

    private Integer axes(Node node) {
        long[] axes = node.attributes().integers("axes");
        return axes != null ? (Integer) axes.length : lengths.get(node.input(1));
    }

    private static Integer sum(Integer a, Integer b, int more) {
        return a == null || b == null ? null : (Integer) (a + b + more);
    }
}
