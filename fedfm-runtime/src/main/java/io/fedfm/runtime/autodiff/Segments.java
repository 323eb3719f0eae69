package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The forward pass between values that cut it: a segment is what lies between two of them. */
final class Segments {
    private final Set<String> forward;
    private final List<String> boundaries;
    private final List<List<Node>> interiors = new ArrayList<>();
    private final Map<String, Integer> segmentOf = new HashMap<>();

    /**
     * Cuts a graph.
     *
     * @param forward the values of the forward pass
     * @param boundaries where to cut, from input to output
     */
    Segments(Graph graph, Set<String> forward, List<String> boundaries) {
        this.forward = Set.copyOf(forward);
        this.boundaries = List.copyOf(boundaries);
        List<Node> nodes = graph.nodes().stream().filter(this::isForward).toList();
        for (int i = 0; i + 1 < boundaries.size(); i++) {
            List<Node> interior = between(nodes, boundaries.get(i), boundaries.get(i + 1));
            interiors.add(interior);
            for (Node node : interior) {
                for (String output : node.outputs()) {
                    if (!output.equals(boundaries.get(i + 1))) {
                        segmentOf.put(output, i);
                    }
                }
            }
        }
    }

    private static List<Node> between(List<Node> nodes, String start, String end) {
        Set<String> behind = new HashSet<>(Set.of(start));
        for (Node node : nodes) {
            if (node.inputs().stream().anyMatch(behind::contains)) {
                behind.addAll(node.outputs());
            }
        }
        List<Node> interior = new ArrayList<>();
        Set<String> leading = new HashSet<>(Set.of(end));
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.outputs().stream().anyMatch(leading::contains)
                    && node.inputs().stream().anyMatch(behind::contains)) {
                leading.addAll(node.inputs());
                interior.add(node);
            }
        }
        Collections.reverse(interior);
        return interior;
    }

    boolean isForward(Node node) {
        return node.outputs().stream().anyMatch(forward::contains);
    }

    String start(int segment) {
        return boundaries.get(segment);
    }

    String end(int segment) {
        return boundaries.get(segment + 1);
    }

    int count() {
        return interiors.size();
    }

    /** Whether a value is made inside a segment; its end is not. */
    boolean isInside(String value, int segment) {
        return segmentOf.getOrDefault(value, -1) == segment;
    }

    /** The nodes of a segment that make these values, in order. */
    List<Node> making(int segment, Set<String> values) {
        List<Node> needed = new ArrayList<>();
        Set<String> wanted = new HashSet<>(values);
        List<Node> interior = interiors.get(segment);
        for (int i = interior.size() - 1; i >= 0; i--) {
            Node node = interior.get(i);
            if (node.outputs().stream().anyMatch(wanted::contains)) {
                wanted.addAll(node.inputs());
                needed.add(node);
            }
        }
        Collections.reverse(needed);
        return needed;
    }
}
