package io.fedfm.runtime.graph;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds how many tokens a graph has positions for: the rows of the tables it looks positions up in.
 *
 * <p>Indices are positions if they come from a {@code Range}, a running sum of the mask, a constant
 * 0, 1, 2, ... or the input of position ids, by operators that shift them at most. A table may also
 * be cut to the length of the row.
 */
final class PositionLimit {
    /**
     * What is known of indices at a length L.
     *
     * @param offset the largest is L - 1 + offset
     * @param limit the longest L that there are indices for
     */
    private record Indices(long offset, long limit) {}

    private final Graph graph;
    private final Map<String, Node> producers;
    private final Map<String, InputRole> roles;
    private final Map<String, Optional<Indices>> known = new HashMap<>();

    private PositionLimit(Graph graph) {
        this.graph = graph;
        this.producers = graph.producers();
        this.roles = InputRole.of(graph);
    }

    static int of(Graph graph) {
        PositionLimit search = new PositionLimit(graph);
        long longest = Integer.MAX_VALUE;
        for (Node node : graph.nodes()) {
            OptionalLong rows =
                    node.is("Gather") ? TokenTables.rowsOf(graph, node) : OptionalLong.empty();
            if (rows.isPresent()) {
                Optional<Indices> indices = search.indices(node.input(1));
                if (indices.isPresent()) {
                    long byRows = rows.getAsLong() - indices.get().offset();
                    longest = Math.min(longest, Math.min(byRows, indices.get().limit()));
                }
            }
            longest = Math.min(longest, search.cut(node).orElse(longest));
        }
        return (int) Math.max(0, longest);
    }

    /** The rows of a constant table of which a node takes as many as a row has tokens. */
    private OptionalLong cut(Node node) {
        if (!node.is("Slice") || node.inputs().size() < 4) {
            return OptionalLong.empty();
        }
        Tensor table = graph.initializers().get(node.input(0));
        Optional<Long> start = scalar(node.input(1));
        Optional<Long> axis = scalar(node.input(3));
        boolean fits =
                table != null
                        && table.type() == ElementType.FLOAT
                        && start.filter(from -> from == 0).isPresent()
                        && axis.filter(a -> a >= 0 && a < table.shape().length).isPresent();
        if (!fits || graph.initializers().containsKey(node.input(2))) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(table.shape()[axis.get().intValue()]);
    }

    private Optional<Indices> indices(String value) {
        Optional<Indices> found = known.get(value);
        if (found == null) {
            found = find(value);
            known.put(value, found);
        }
        return found;
    }

    private Optional<Indices> find(String value) {
        if (roles.get(value) == InputRole.POSITIONS) {
            return Optional.of(new Indices(0, Integer.MAX_VALUE));
        }
        if (graph.initializers().containsKey(value)) {
            return counting(graph.initializers().get(value));
        }
        Node node = producers.get(value);
        if (node == null) {
            return Optional.empty();
        }
        return switch (node.op()) {
            case "Range" -> Optional.of(new Indices(0, Integer.MAX_VALUE));
            case "CumSum" -> Optional.of(new Indices(1, Integer.MAX_VALUE));
            case "Add" -> shifted(node, 1);
            case "Sub" -> shifted(node, -1);
            case "Mul" -> masked(node);
            case "Where" -> larger(indices(node.input(1)), indices(node.input(2)));
            case "Gather", "GatherElements" -> indices(node.input(0));
            default ->
                    TokenTables.MOVES.contains(node.op())
                            ? indices(node.input(0))
                            : Optional.empty();
        };
    }

    private Optional<Indices> shifted(Node node, int sign) {
        for (int side = 0; side < (sign > 0 ? 2 : 1); side++) {
            Optional<Long> shift = scalar(node.input(1 - side));
            Optional<Indices> indices = indices(node.input(side));
            if (shift.isPresent() && indices.isPresent()) {
                return Optional.of(
                        new Indices(
                                indices.get().offset() + sign * shift.get(),
                                indices.get().limit()));
            }
        }
        return Optional.empty();
    }

    /** Positions times a mask; a product with a constant is none. */
    private Optional<Indices> masked(Node node) {
        for (int side = 0; side < 2; side++) {
            Optional<Indices> indices = indices(node.input(side));
            if (indices.isPresent()
                    && indices(node.input(1 - side)).isEmpty()
                    && !graph.initializers().containsKey(node.input(1 - side))) {
                return indices;
            }
        }
        return Optional.empty();
    }

    private static Optional<Indices> larger(Optional<Indices> a, Optional<Indices> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.or(() -> b);
        }
        return Optional.of(
                new Indices(
                        Math.max(a.get().offset(), b.get().offset()),
                        Math.min(a.get().limit(), b.get().limit())));
    }

    private Optional<Long> scalar(String value) {
        Tensor constant = graph.initializers().get(value);
        return constant != null && constant.size() == 1 && isInteger(constant)
                ? Optional.of(constant.toLongs()[0])
                : Optional.empty();
    }

    /** A constant start, start + 1, start + 2, ... */
    private static Optional<Indices> counting(Tensor constant) {
        if (!isInteger(constant) || constant.size() < 2) {
            return Optional.empty();
        }
        long[] values = constant.toLongs();
        for (int i = 1; i < values.length; i++) {
            if (values[i] != values[i - 1] + 1) {
                return Optional.empty();
            }
        }
        return Optional.of(new Indices(values[0], values.length));
    }

    private static boolean isInteger(Tensor tensor) {
        return tensor.type() == ElementType.INT64 || tensor.type() == ElementType.INT32;
    }
}
