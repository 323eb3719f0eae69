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
            case "Flatten", "Gemm" -> 2;
            case "Shape", "Range" -> 1;
            case "Gather" -> sum(first, ranks.get(node.input(1)), -1);
            case "Unsqueeze" -> sum(first, axes(node), 0);
            default -> null;
        };
    }

    private Integer outputLength(Node node) {
        return switch (node.op()) {
            case "Shape" -> node.attributes().names().isEmpty() ? ranks.get(node.input(0)) : null;
            case "Cast", "Identity" -> lengths.get(node.input(0));
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
