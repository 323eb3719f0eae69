package io.fedfm.runtime.objective;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;

/** The loss over a class for each token, virtual tokens left out. */
final class TokenClasses {
    private TokenClasses() {}

    /**
     * Writes it.
     *
     * @param logits [rows, virtual tokens + length, classes]
     * @param virtualTokens how many stand before the tokens that have labels
     */
    static Terms append(GraphBuilder b, String logits, int virtualTokens) {
        String labels = TokenLabels.from(b, virtualTokens, virtualTokens);
        String best = b.op("ArgMax", Attributes.of("axis", -1).with("keepdims", 0), logits);
        String predicted =
                virtualTokens == 0 ? best : b.slice(best, 1, virtualTokens, Long.MAX_VALUE);
        return CrossEntropy.append(b, logits, labels).withPredicted(predicted);
    }
}
