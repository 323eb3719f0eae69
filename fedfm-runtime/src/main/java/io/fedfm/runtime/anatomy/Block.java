package io.fedfm.runtime.anatomy;

import java.util.Map;
import java.util.Set;

/**
 * A transformer block: an attention and, where there is one, the feed-forward network after it.
 *
 * @param index in the order of the data flow
 * @param scores the attention
 * @param projections the linear layers of the attention
 * @param attentionSum where the attention meets the residual stream, or null
 * @param feedForward the feed-forward network, or null
 */
record Block(
        int index,
        Scores scores,
        Projections projections,
        Sum attentionSum,
        FeedForward feedForward) {

    /**
     * A residual sum.
     *
     * @param output the operand that comes out of the sublayer
     * @param skip the operand that passes the sublayer by
     * @param sum the sum
     */
    record Sum(String output, String skip, String sum) {}

    /**
     * A feed-forward network; layers are null where the structure does not tell.
     *
     * @param sum where it meets the residual stream
     * @param up the layer that widens
     * @param gate the layer whose activated output {@code up}'s is multiplied by
     * @param down the layer back to the hidden width
     * @param ways for {@code up} and {@code gate} the values between the layer and their product;
     *     empty without a gate
     */
    record FeedForward(
            Sum sum,
            LinearLayer up,
            LinearLayer gate,
            LinearLayer down,
            Map<String, Set<String>> ways) {
        /** Whether one layer makes both factors. */
        boolean packed() {
            return up != null && up.equals(gate);
        }
    }
}
