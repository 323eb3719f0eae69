package io.fedfm.runtime.weave;

import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves the positions of real tokens by the number of virtual tokens that exist in attentions only.
 *
 * <p>What lies between a source of positions and the node that uses them is written again, from
 * moved sources: masks that come from the same range stay as they are.
 */
final class MovedPositions {
    private final Map<String, Node> producers;
    private final GraphBuilder b;
    private final Map<String, Anatomy.Positions.Use> uses = new HashMap<>();
    private final Map<String, String> moved = new HashMap<>();
    private final int tokens;

    /** Writes to {@code target} what positions of {@code backbone} become under a plan. */
    MovedPositions(Graph backbone, Graph target, Anatomy.Positions positions, PeftPlan plan) {
        this.producers = backbone.producers();
        this.b = new GraphBuilder(target, "positions");
        this.tokens = plan.virtualTokens().embedded() ? 0 : plan.virtualTokens().count();
        if (tokens > 0) {
            positions.uses().forEach(use -> uses.put(use.node(), use));
        }
    }

    /** The node with moved positions, if it is one that uses them. */
    Node in(Node node) {
        Anatomy.Positions.Use use = uses.get(node.name());
        if (use == null) {
            return node;
        }
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(use.slot(), moved(inputs.get(use.slot()), use));
        return node.withInputs(inputs);
    }

    private String moved(String value, Anatomy.Positions.Use use) {
        boolean source = use.sources().containsKey(value);
        if (!source && !use.through().contains(value)) {
            return value;
        }
        String known = moved.get(value);
        if (known == null) {
            known = source ? further(value, use.sources().get(value)) : again(value, use);
            moved.put(value, known);
        }
        return known;
    }

    private String again(String value, Anatomy.Positions.Use use) {
        Node node = producers.get(value);
        List<String> inputs = node.inputs().stream().map(input -> moved(input, use)).toList();
        return b.like(node, inputs.toArray(String[]::new));
    }

    private String further(String source, ElementType type) {
        String count = b.integer(tokens);
        return b.op("Add", source, type == ElementType.INT64 ? count : b.cast(count, type));
    }
}
