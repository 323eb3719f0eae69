package io.fedfm.runtime.objective;

import java.util.List;

/**
 * The values of a backbone that an objective builds on; "" where the backbone has none.
 *
 * @param hidden last hidden states [rows, positions, width]
 * @param pooled one vector a row [rows, width]
 * @param logits of the graph's own head: [rows, classes], or [rows, length, vocabulary]
 * @param headWeights names of the weights of the graph's own head
 * @param mask the attention mask [rows, length], of numbers or truth values
 * @param width of hidden states
 * @param classes of the last axis of {@code logits}
 * @param tokenLogits whether {@code logits} are over positions
 * @param virtualTokens how many trained tokens stand before the real ones in hidden states, mask
 *     and logits over positions
 */
public record BackboneOutputs(
        String hidden,
        String pooled,
        String logits,
        List<String> headWeights,
        String mask,
        long width,
        long classes,
        boolean tokenLogits,
        int virtualTokens) {
    /** Copies the list. */
    public BackboneOutputs {
        headWeights = List.copyOf(headWeights);
    }

    /** The outputs of a backbone as it is, without virtual tokens. */
    public BackboneOutputs(
            String hidden,
            String pooled,
            String logits,
            List<String> headWeights,
            String mask,
            long width,
            long classes,
            boolean tokenLogits) {
        this(hidden, pooled, logits, headWeights, mask, width, classes, tokenLogits, 0);
    }
}
