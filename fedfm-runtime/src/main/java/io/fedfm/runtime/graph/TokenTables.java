package io.fedfm.runtime.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The embedding tables that an input of ids is looked up in. */
final class TokenTables {
    /** Operators that move ids about without changing them. */
    static final Set<String> MOVES =
            Set.of(
                    "Cast",
                    "Concat",
                    "Expand",
                    "Flatten",
                    "Identity",
                    "Reshape",
                    "Slice",
                    "Squeeze",
                    "Transpose",
                    "Unsqueeze");

    private TokenTables() {}

    /** The rows of the smallest table that ids from this input index; empty if none is found. */
    static OptionalLong rows(Graph graph, String input) {
        Map<String, List<Node>> consumers = graph.consumers();
        Deque<String> next = new ArrayDeque<>(List.of(input));
        Set<String> seen = new HashSet<>(next);
        OptionalLong rows = OptionalLong.empty();
        while (!next.isEmpty()) {
            String value = next.remove();
            for (Node node : consumers.getOrDefault(value, List.of())) {
                if (node.is("Gather") && node.input(1).equals(value)) {
                    OptionalLong table = rowsOf(graph, node);
                    if (table.isPresent()
                            && (rows.isEmpty() || table.getAsLong() < rows.getAsLong())) {
                        rows = table;
                    }
                } else if (moves(node, value) && seen.add(node.output())) {
                    next.add(node.output());
                }
            }
        }
        return rows;
    }

    /** The rows of the table that a Gather reads, if it is a constant or an input of known size. */
    static OptionalLong rowsOf(Graph graph, Node gather) {
        int axis = (int) gather.attributes().integer("axis", 0);
        String table = gather.input(0);
        Tensor constant = graph.initializers().get(table);
        if (constant != null && constant.shape().length >= 2 && axis == 0) {
            return OptionalLong.of(constant.shape()[0]);
        }
        ValueInfo input = graph.inputs().get(table);
        if (input != null && axis == 0 && ValueInfos.isNumber(input.dimensions().get(0))) {
            return OptionalLong.of(Long.parseLong(input.dimensions().get(0)));
        }
        return OptionalLong.empty();
    }

    private static boolean moves(Node node, String value) {
        return MOVES.contains(node.op())
                && (node.op().equals("Concat") || node.input(0).equals(value));
    }
}
