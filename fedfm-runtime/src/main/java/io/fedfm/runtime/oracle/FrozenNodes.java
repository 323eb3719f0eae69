package io.fedfm.runtime.oracle;

import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The nodes of a graph that no parameter reaches, whose values are the same for all of them. */
final class FrozenNodes {
    private FrozenNodes() {}

    /** The nodes that a change of these values changes, in order. */
    static List<Node> dependents(Graph graph, Set<String> values) {
        Set<String> changed = new HashSet<>(values);
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.inputs().stream().anyMatch(changed::contains)) {
                changed.addAll(node.outputs());
                changed.remove("");
                nodes.add(node);
            }
        }
        return nodes;
    }
}
