package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.anatomy.Block.FeedForward;
import io.fedfm.runtime.anatomy.Block.Sum;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the hidden states of a block: what each sublayer gives, the residual sums, and the norms.
 *
 * <p>A norm belongs to a sublayer that reads it while the residual stream passes it by (pre-norm);
 * otherwise the norm of the sublayer is the one that reads its sum (post-norm).
 */
final class HiddenFinder {
    private final Walk walk;
    private final Map<String, Norm> byOutput = new HashMap<>();
    private final Map<String, Norm> byInput = new HashMap<>();

    HiddenFinder(Walk walk, List<Norm> norms) {
        this.walk = walk;
        for (Norm norm : norms) {
            byOutput.put(norm.output(), norm);
            byInput.putIfAbsent(norm.input(), norm);
        }
    }

    /** Role to value, of those that the block has; a value stands under one role only. */
    Map<String, String> of(Block block) {
        Map<String, String> found = new LinkedHashMap<>();
        FeedForward network = block.feedForward();
        Projections p = block.projections();
        Norm after = null;
        if (block.attentionSum() != null) {
            after = after(block.attentionSum());
            addSublayer(found, "attention", block.attentionSum(), p.q(), after);
        } else if (network != null) {
            found.put("attention_output", p.o().output());
            addNorm(found, "attention", network.sum(), p.q(), null);
        }
        if (network != null) {
            // The last block of a model without post-norms has the model's own norm behind it.
            Norm post = after == null ? null : after(network.sum());
            addSublayer(found, "ffn", network.sum(), network.up(), post);
        }
        return found;
    }

    private void addSublayer(
            Map<String, String> found, String sublayer, Sum sum, LinearLayer first, Norm after) {
        found.put(sublayer + "_output", sum.output());
        found.put(sublayer + "_sum", sum.sum());
        addNorm(found, sublayer, sum, first, after);
    }

    private void addNorm(
            Map<String, String> found, String sublayer, Sum sum, LinearLayer first, Norm after) {
        Norm before = first == null ? null : normBehind(first.input());
        boolean preNorm = before != null && !walk.ancestors(sum.skip()).contains(before.output());
        Norm norm = preNorm ? before : after;
        if (norm != null && !found.containsValue(norm.output())) {
            found.put(sublayer + "_norm", norm.output());
        }
    }

    /** The norm that all of the residual stream goes through, or null. */
    private Norm after(Sum sum) {
        return isPassedBy(sum.sum()) ? null : normOf(sum.sum());
    }

    /** Whether the residual stream goes on from the value itself. */
    private boolean isPassedBy(String value) {
        return walk.consumers(value).stream()
                .anyMatch(
                        node ->
                                node.is("Cast")
                                        ? isPassedBy(node.output())
                                        : node.is("Add") && walk.streamInputs(node).size() == 2);
    }

    private Norm normBehind(String value) {
        String current = value;
        while (true) {
            Norm norm = byOutput.get(current);
            boolean reshaped =
                    walk.producer(current) != null && Walk.isShapeOp(walk.producer(current));
            if (norm != null || !reshaped) {
                return norm;
            }
            current = walk.producer(current).input(0);
        }
    }

    /** The norm that reads the value, or null. */
    Norm normOf(String value) {
        return byInput.get(walk.beforeCasts(value));
    }
}
