package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Removes the nodes that hand their input on unchanged: {@code Identity}, and {@code Dropout} in
 * inference.
 *
 * <p>Consumers read the input instead. An output of the graph keeps its name: its producer is
 * renamed to make it; where that cannot be (it is an input, a constant or another output) the node
 * stays, as {@code Identity}.
 */
final class PassThrough {
    private final Graph graph;
    private final Map<String, String> renamed = new HashMap<>();
    private final Set<String> outputs;

    private PassThrough(Graph graph) {
        this.graph = graph;
        this.outputs = new HashSet<>(graph.outputs());
    }

    /** Rewrites a graph in topological order in place. */
    static void remove(Graph graph) {
        new PassThrough(graph).run();
    }

    private void run() {
        Map<String, Node> producers = graph.producers();
        Map<String, String> outputNames = new HashMap<>();
        List<Node> kept = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Node rewired = node.withInputs(node.inputs().stream().map(this::resolve).toList());
            if (!node.is("Identity") && !node.is("Dropout")) {
                kept.add(rewired);
                continue;
            }
            String source = rewired.input(0);
            if (source.isEmpty()) {
                throw new FedFmException(
                        ErrorCode.MODEL_INVALID,
                        NodeReader.describe(node) + " has no input; export the model again");
            }
            if (!outputs.contains(node.output())) {
                renamed.put(node.output(), source);
            } else if (producers.containsKey(source)
                    && !outputs.contains(source)
                    && outputNames.putIfAbsent(source, node.output()) == null) {
                renamed.put(node.output(), source);
            } else {
                kept.add(identity(node, source));
            }
        }
        graph.setNodes(kept.stream().map(node -> rename(node, outputNames)).toList());
    }

    private static Node identity(Node node, String source) {
        return new Node(
                "",
                "Identity",
                node.name(),
                List.of(source),
                List.of(node.output()),
                Attributes.none(),
                node.modulePath());
    }

    private String resolve(String value) {
        return renamed.getOrDefault(value, value);
    }

    private static Node rename(Node node, Map<String, String> names) {
        return new Node(
                node.domain(),
                node.op(),
                node.name(),
                node.inputs().stream().map(v -> names.getOrDefault(v, v)).toList(),
                node.outputs().stream().map(v -> names.getOrDefault(v, v)).toList(),
                node.attributes(),
                node.modulePath());
    }
}
