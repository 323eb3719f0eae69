package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.QuantisedWeights;
import io.fedfm.runtime.graph.Rounding;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A quantised graph as if it computed in floats, which is where structure is looked for.
 *
 * <p>A value that is only used rounded is left out, and its operator seems to make the rounded one;
 * so does a look-up of integers. All names that are left stand for the same in the graph itself.
 */
final class FloatView {
    private final Graph graph;
    private final Map<String, Node> producers;
    private final Map<String, List<Node>> consumers;
    private final Map<String, String> renamed = new HashMap<>();
    private final Set<Node> hidden = new HashSet<>();

    private FloatView(Graph graph) {
        this.graph = graph;
        this.producers = graph.producers();
        this.consumers = graph.consumers();
    }

    /** The graph itself if it is not quantised. */
    static Graph of(Graph graph) {
        FloatView view = new FloatView(graph);
        boolean plain = true;
        for (Node node : graph.nodes()) {
            boolean rounds = Rounding.is(node);
            plain = plain && !rounds;
            if ((rounds || view.makesFloatsOfRows(node)) && view.isOnlyUse(node.input(0))) {
                view.hidden.add(node);
                view.renamed.put(node.input(0), node.output());
            }
        }
        return plain && view.hidden.isEmpty() ? graph : view.build();
    }

    private boolean makesFloatsOfRows(Node node) {
        Node rows = producers.get(node.input(0));
        Tensor table = rows == null ? null : graph.initializers().get(rows.input(0));
        return node.is("DequantizeLinear")
                && table != null
                && rows.is("Gather")
                && QuantisedWeights.isNarrow(table);
    }

    private boolean isOnlyUse(String value) {
        return producers.containsKey(value)
                && consumers.get(value).size() == 1
                && !graph.outputs().contains(value);
    }

    private Graph build() {
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (!hidden.contains(node)) {
                nodes.add(seen(node));
            }
        }
        Graph view = graph.copy();
        view.setNodes(nodes);
        return view;
    }

    private Node seen(Node node) {
        List<String> outputs = node.outputs().stream().map(this::name).toList();
        return Rounding.is(node)
                ? new Node(
                        "",
                        "Identity",
                        node.name(),
                        List.of(node.input(0)),
                        outputs,
                        Attributes.none(),
                        node.modulePath())
                : new Node(
                        node.domain(),
                        node.op(),
                        node.name(),
                        node.inputs(),
                        outputs,
                        node.attributes(),
                        node.modulePath());
    }

    private String name(String value) {
        String name = value;
        while (renamed.containsKey(name)) {
            name = renamed.get(name);
        }
        return name;
    }
}
