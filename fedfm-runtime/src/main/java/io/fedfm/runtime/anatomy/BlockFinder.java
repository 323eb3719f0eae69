package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.anatomy.Block.FeedForward;
import io.fedfm.runtime.anatomy.Block.Sum;
import io.fedfm.runtime.graph.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the residual sums around each attention, and with them the blocks.
 *
 * <p>An attention's sum adds what only its output projection leads to and what the attention itself
 * read. A feed-forward network's sum is the next one that adds something the attention's sum
 * reaches without a linear layer to something behind a layer that belongs to no attention. Where
 * both run side by side (x + attention + network), there is one sum, and it is the network's.
 */
final class BlockFinder {
    private final Walk walk;
    private final Reach reach;
    private final FeedForwardFinder feedForwards;
    private final List<Node> adds = new ArrayList<>();

    BlockFinder(Walk walk, Reach reach) {
        this.walk = walk;
        this.reach = reach;
        this.feedForwards = new FeedForwardFinder(walk, reach);
        for (Node node : walk.graph().nodes()) {
            if (node.is("Add") && walk.streamInputs(node).size() == 2) {
                adds.add(node);
            }
        }
    }

    /** The blocks of the attentions; the two lists go together. */
    List<Block> find(List<Scores> attentions, List<Projections> projections) {
        Set<LinearLayer> taken = new HashSet<>();
        for (Projections p : projections) {
            for (LinearLayer layer : new LinearLayer[] {p.q(), p.k(), p.v(), p.o()}) {
                taken.add(layer);
            }
        }
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < attentions.size(); i++) {
            Projections p = projections.get(i);
            Sum attention = p.q() == null || p.o() == null ? null : attentionSum(p);
            FeedForward network = null;
            if (attention != null) {
                network = networkAfter(attention, taken);
            } else if (p.q() != null && p.o() != null) {
                network = networkBeside(p, taken);
            }
            blocks.add(new Block(i, attentions.get(i), p, attention, network));
        }
        return blocks;
    }

    private Sum attentionSum(Projections p) {
        Set<String> read = walk.ancestors(p.q().input());
        for (Node add : adds) {
            if (walk.position(add.output()) > walk.position(p.o().output())) {
                for (String operand : add.inputs()) {
                    String skip = Walk.other(add, operand);
                    if (read.contains(skip) && p.o().equals(reach.back(operand).only())) {
                        return new Sum(operand, skip, add.output());
                    }
                }
            }
        }
        return null;
    }

    private FeedForward networkAfter(Sum attention, Set<LinearLayer> taken) {
        for (Node add : adds) {
            if (walk.position(add.output()) <= walk.position(attention.sum())) {
                continue;
            }
            for (String operand : add.inputs()) {
                String skip = Walk.other(add, operand);
                Set<LinearLayer> behind = reach.back(operand).layers();
                if (!behind.isEmpty() && reach.back(skip).values().contains(attention.sum())) {
                    return behind.stream().anyMatch(taken::contains)
                            ? null
                            : feedForwards.of(
                                    new Sum(operand, skip, add.output()), attention.skip());
                }
            }
        }
        return null;
    }

    private FeedForward networkBeside(Projections p, Set<LinearLayer> taken) {
        Set<String> read = walk.ancestors(p.q().input());
        for (Node add : adds) {
            for (String operand : add.inputs()) {
                String skip = Walk.other(add, operand);
                if (read.contains(skip) && reach.back(operand).layers().contains(p.o())) {
                    return beside(new Sum(operand, skip, add.output()), p.o(), taken);
                }
            }
        }
        return null;
    }

    private FeedForward beside(Sum sum, LinearLayer o, Set<LinearLayer> taken) {
        Node inner = walk.producer(walk.beforeCasts(sum.output()));
        if (inner == null || !inner.is("Add")) {
            return null;
        }
        for (String operand : inner.inputs()) {
            LinearLayer down = reach.back(operand).only();
            boolean beside = o.equals(reach.back(Walk.other(inner, operand)).only());
            if (beside && down != null && !taken.contains(down)) {
                return feedForwards.of(new Sum(operand, sum.skip(), sum.sum()), sum.skip());
            }
        }
        return null;
    }
}
