package io.fedfm.runtime.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds constants that are nothing but frequencies of angles; they are computed, not learned. */
public final class RotaryFrequencies {
    private static final Set<String> ANGLES = Set.of("Cos", "Sin");

    private RotaryFrequencies() {}

    /** The names of float constants that reach the outputs through sines and cosines only. */
    public static Set<String> of(Graph graph) {
        Map<String, List<Node>> consumers = graph.consumers();
        Set<String> near = new HashSet<>();
        // From the angles backwards there are few constants to look at.
        Map<String, Node> producers = graph.producers();
        for (Node node : graph.nodes()) {
            if (ANGLES.contains(node.op())) {
                near.addAll(constantsBefore(node.input(0), graph, producers));
            }
        }
        return near.stream()
                .filter(name -> endsInAngles(name, graph, consumers))
                .collect(Collectors.toSet());
    }

    private static Set<String> constantsBefore(
            String value, Graph graph, Map<String, Node> producers) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(value));
        while (!open.isEmpty()) {
            String current = open.pop();
            Node node = producers.get(current);
            if (seen.add(current) && node != null) {
                open.addAll(node.inputs());
            }
        }
        seen.removeIf(
                name ->
                        !graph.initializers().containsKey(name)
                                || graph.initializers().get(name).type() != ElementType.FLOAT);
        return seen;
    }

    private static boolean endsInAngles(
            String name, Graph graph, Map<String, List<Node>> consumers) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(name));
        while (!open.isEmpty()) {
            String value = open.pop();
            if (graph.outputs().contains(value)) {
                return false;
            }
            for (Node node : consumers.getOrDefault(value, List.of())) {
                if (!ANGLES.contains(node.op()) && !node.op().equals("Shape")) {
                    node.outputs().stream().filter(seen::add).forEach(open::push);
                }
            }
        }
        return true;
    }
}
