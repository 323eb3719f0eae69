package io.fedfm.runtime.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * Rewrites operators of opset 23 that hide what a method attaches to, or that ONNX Runtime runs for
 * fewer shapes than the exporters write.
 */
final class FusedOperators {
    private FusedOperators() {}

    /**
     * The same graph without {@code Attention}, and with rotary angles for every row.
     *
     * @param graph in topological order; not changed
     */
    static Graph expand(Graph graph, Declared declared) {
        Graph expanded = new Graph(graph.opset());
        graph.inputs().values().forEach(expanded::addInput);
        graph.initializers().forEach(expanded::addInitializer);
        AttentionOperator attention = new AttentionOperator(graph, declared, expanded);
        for (Node node : graph.nodes()) {
            if (node.is("Attention")) {
                attention.expand(node);
            } else if (node.is("RotaryEmbedding") && node.input(3).isEmpty()) {
                expanded.addNode(withRows(node, expanded));
            } else {
                expanded.addNode(node);
            }
        }
        graph.outputs().forEach(expanded::addOutput);
        return expanded;
    }

    /** Exporters write angles [1, length, half] for all rows; ORT wants [batch, length, half]. */
    private static Node withRows(Node node, Graph graph) {
        GraphBuilder g = new GraphBuilder(graph, node.output(), node.modulePath());
        String rows = g.op("Shape", Attributes.of("start", 0).with("end", 1), node.input(0));
        List<String> inputs = new ArrayList<>(node.inputs());
        for (int i = 1; i <= 2; i++) {
            String rest = g.op("Shape", Attributes.of("start", 1), node.input(i));
            String shape = g.op("Concat", Attributes.of("axis", 0), rows, rest);
            inputs.set(i, g.op("Expand", node.input(i), shape));
        }
        return node.withInputs(inputs);
    }
}
