package io.fedfm.runtime.anatomy;

import java.util.List;

/**
 * What a graph computes, by the names of its values; "" for what there is not.
 *
 * @param hidden the last hidden states [batch, length, hidden]: an output, or the value inside that
 *     the heads read
 * @param pooled one vector for each row [batch, width]
 * @param logits scores of classes [batch, classes], or of tokens [batch, length, tokens]
 * @param tokenLogits whether the logits are of every position
 * @param head the initializers of the last linear layer before the logits: its weight, and its bias
 *     if it has one
 */
public record Outputs(
        String hidden, String pooled, String logits, boolean tokenLogits, List<String> head) {
    /** Copies the list. */
    public Outputs {
        head = List.copyOf(head);
    }

    /** Whether there are logits of one row, not of each position. */
    public boolean classLogits() {
        return !logits.isEmpty() && !tokenLogits;
    }
}
