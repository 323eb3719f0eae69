package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that every value has one producer, and sorts nodes so that producers come first. */
public final class TopologicalOrder {
    private TopologicalOrder() {}

    /** Sorts the nodes of a graph in place; nodes in order already stay where they are. */
    public static void establish(Graph graph) {
        Map<String, Node> producers = producers(graph);
        Set<String> ready = new HashSet<>(graph.inputs().keySet());
        ready.addAll(graph.initializers().keySet());
        ready.add("");
        checkDefined(graph, producers, ready);
        Map<String, List<Node>> waiting = new HashMap<>();
        List<Node> sorted = new ArrayList<>();
        Deque<Node> next = new ArrayDeque<>();
        for (Node node : graph.nodes()) {
            next.add(node);
            while (!next.isEmpty()) {
                Node candidate = next.remove();
                String missing = firstMissing(candidate, ready);
                if (missing != null) {
                    waiting.computeIfAbsent(missing, k -> new ArrayList<>()).add(candidate);
                    continue;
                }
                sorted.add(candidate);
                for (String output : candidate.outputs()) {
                    ready.add(output);
                    List<Node> released = waiting.remove(output);
                    if (released != null) {
                        next.addAll(released);
                    }
                }
            }
        }
        if (sorted.size() < graph.nodes().size()) {
            Node stuck = waiting.values().iterator().next().get(0);
            throw invalid(
                    NodeReader.describe(stuck) + " depends on itself; export the model again");
        }
        graph.setNodes(sorted);
    }

    private static Map<String, Node> producers(Graph graph) {
        Map<String, Node> producers = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (node.outputs().isEmpty() || node.output().isEmpty()) {
                throw invalid(
                        NodeReader.describe(node) + " has no first output; export the model again");
            }
            for (String output : node.outputs()) {
                if (output.isEmpty()) {
                    continue;
                }
                if (producers.put(output, node) != null
                        || graph.inputs().containsKey(output)
                        || graph.initializers().containsKey(output)) {
                    throw invalid("value '" + output + "' is made twice; export the model again");
                }
            }
        }
        return producers;
    }

    private static void checkDefined(Graph graph, Map<String, Node> producers, Set<String> given) {
        for (Node node : graph.nodes()) {
            for (String input : node.inputs()) {
                if (!producers.containsKey(input) && !given.contains(input)) {
                    throw invalid(
                            NodeReader.describe(node)
                                    + " uses the value '"
                                    + input
                                    + "', which nothing makes; export the model again");
                }
            }
        }
        for (String output : graph.outputs()) {
            if (!producers.containsKey(output) && !given.contains(output)) {
                throw invalid("nothing makes the output '" + output + "'; export the model again");
            }
        }
    }

    private static String firstMissing(Node node, Set<String> ready) {
        return node.inputs().stream().filter(i -> !ready.contains(i)).findFirst().orElse(null);
    }

    private static FedFmException invalid(String message) {
        return new FedFmException(ErrorCode.MODEL_INVALID, message);
    }
}
