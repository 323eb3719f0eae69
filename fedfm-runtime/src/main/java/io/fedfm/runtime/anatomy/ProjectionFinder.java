package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the projections of an attention: the nearest linear layers behind its queries, keys and
 * values, and the one that its context enters.
 */
final class ProjectionFinder {
    private static final Set<String> AFTER_CONTEXT =
            Set.of(
                    "Reshape",
                    "Transpose",
                    "Cast",
                    "Squeeze",
                    "Unsqueeze",
                    "Flatten",
                    "Mul",
                    "Div",
                    "Slice");

    private final Walk walk;
    private final Reach reach;
    private final Map<Node, LinearLayer> layers = new HashMap<>();

    ProjectionFinder(Walk walk, Reach reach, Collection<LinearLayer> layers) {
        this.walk = walk;
        this.reach = reach;
        layers.forEach(layer -> this.layers.put(layer.product(), layer));
    }

    /** The projections of one attention. */
    Projections of(Scores scores) {
        Reach.Back q = reach.back(scores.query());
        Reach.Back k = reach.back(scores.key());
        Reach.Back v = reach.back(scores.value());
        return new Projections(
                q.only(),
                k.only(),
                v.only(),
                after(scores.context()),
                Map.of("q", q.values(), "k", k.values(), "v", v.values()));
    }

    private LinearLayer after(String context) {
        Set<LinearLayer> found = new LinkedHashSet<>();
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(context));
        while (!open.isEmpty()) {
            String current = open.pop();
            if (!seen.add(current)) {
                continue;
            }
            for (Node node : walk.consumers(current)) {
                if (layers.containsKey(node)) {
                    found.add(layers.get(node));
                } else if (node.domain().isEmpty() && AFTER_CONTEXT.contains(node.op())) {
                    open.add(node.output());
                }
            }
        }
        return found.size() == 1 ? found.iterator().next() : null;
    }
}
