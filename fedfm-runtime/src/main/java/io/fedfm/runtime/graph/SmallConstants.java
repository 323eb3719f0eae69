package io.fedfm.runtime.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns scalars and vectors that are stored as integers (biases, norms, constants of formulas) into
 * float constants; they are a thousandth of a model, and can then be trained.
 */
final class SmallConstants {
    private SmallConstants() {}

    static void read(Graph graph) {
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (QuantisedWeights.isMadeBy(node, graph)
                    && graph.initializers().get(node.input(0)).shape().length <= 1
                    && !graph.outputs().contains(node.output())) {
                graph.addInitializer(node.output(), QuantisedWeights.floats(graph, node));
            } else {
                nodes.add(node);
            }
        }
        graph.setNodes(nodes);
    }
}
