package io.fedfm.runtime.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds a token that a graph treats like any other: the least id that it compares token ids with
 * nowhere, as it does with that of padding to number positions or to find the end of a row.
 */
public final class PlainToken {
    private PlainToken() {}

    /** The id; 0 for most graphs. */
    public static long of(Graph graph) {
        Set<Long> special = compared(graph);
        long id = 0;
        while (special.contains(id)) {
            id++;
        }
        return id;
    }

    private static Set<Long> compared(Graph graph) {
        Map<String, List<Node>> consumers = graph.consumers();
        Deque<String> next = new ArrayDeque<>();
        InputRole.of(graph)
                .forEach(
                        (name, role) -> {
                            if (role == InputRole.TOKENS) {
                                next.add(name);
                            }
                        });
        Set<String> seen = new HashSet<>(next);
        Set<Long> ids = new HashSet<>();
        while (!next.isEmpty()) {
            String value = next.remove();
            for (Node node : consumers.getOrDefault(value, List.of())) {
                if (node.is("Equal")) {
                    node.inputs().forEach(input -> addConstant(graph, input, ids));
                } else if (TokenTables.MOVES.contains(node.op()) && seen.add(node.output())) {
                    next.add(node.output());
                }
            }
        }
        return ids;
    }

    private static void addConstant(Graph graph, String value, Set<Long> ids) {
        Tensor constant = graph.initializers().get(value);
        if (constant == null) {
            return;
        }
        switch (constant.type()) {
            case INT64, INT32 -> {
                for (long id : constant.toLongs()) {
                    ids.add(id);
                }
            }
            case FLOAT -> {
                for (float id : constant.toFloats()) {
                    ids.add((long) id);
                }
            }
            default -> {}
        }
    }
}
