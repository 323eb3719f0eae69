package io.fedfm.runtime.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks rows up in a table of integers before they are made floats, not after. */
final class QuantisedTables {
    private QuantisedTables() {}

    static void read(Graph graph) {
        Map<String, Node> weights = QuantisedWeights.of(graph);
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Node table = weights.get(node.input(0));
            if (!node.is("Gather")
                    || table == null
                    || graph.initializers().get(table.input(1)).size() != 1) {
                nodes.add(node);
                continue;
            }
            String rows = graph.freshName(node.output() + "_integers");
            nodes.add(
                    new Node(
                            "",
                            "Gather",
                            node.name(),
                            List.of(table.input(0), node.input(1)),
                            List.of(rows),
                            node.attributes(),
                            node.modulePath()));
            List<String> inputs = new ArrayList<>(table.inputs());
            inputs.set(0, rows);
            nodes.add(
                    new Node(
                            "",
                            "DequantizeLinear",
                            rows,
                            inputs,
                            List.of(node.output()),
                            Attributes.none(),
                            node.modulePath()));
        }
        graph.setNodes(nodes);
    }
}
