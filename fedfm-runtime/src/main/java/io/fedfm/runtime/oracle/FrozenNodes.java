package io.fedfm.runtime.oracle;

import io.fedfm.runtime.autodiff.StopGradients;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells nodes that a parameter reaches from the others, whose values are the same whatever it is.
 */
final class FrozenNodes {
    /** Shapes are the same for all values. */
    private static final Set<String> SHAPES = Set.of("Shape", "Size");

    private FrozenNodes() {}

    /** The nodes that a small change of these values changes, but for what is held fixed. */
    static List<Node> dependents(Graph graph, Set<String> values) {
        Set<String> changed = new HashSet<>(values);
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            boolean fixed = SHAPES.contains(node.op()) || StopGradients.isMark(node);
            if (!fixed && node.inputs().stream().anyMatch(changed::contains)) {
                changed.addAll(node.outputs());
                changed.remove("");
                nodes.add(node);
            }
        }
        return nodes;
    }
}
