package io.fedfm.runtime.data;

import io.fedfm.runtime.program.Batch;
import java.util.Arrays;

/**
 * A row of tokens, without padding.
 *
 * @param tokens ids, special tokens included
 * @param types the segment of each token
 * @param label the index of its class; 0 where a row has no class of its own
 * @param targets what is learnt at each token, {@link #IGNORED} where nothing is: the class of a
 *     word at its first token, or the token itself; empty if rows have one class, or if all tokens
 *     are learnt
 * @param task the index of its task; 0 where rows are not told apart
 */
public record TokenRow(int[] tokens, int[] types, int label, int[] targets, int task)
        implements Row {
    /** At a token that nothing is learnt of. */
    public static final int IGNORED = (int) Batch.IGNORED;

    /** Checks the lengths; the arrays are kept, not copied, and never written to. */
    public TokenRow {
        if (tokens.length == 0 || tokens.length != types.length) {
            throw new IllegalArgumentException(
                    "a row of " + tokens.length + " tokens and " + types.length + " types");
        }
        if (targets.length != 0 && targets.length != tokens.length) {
            throw new IllegalArgumentException(
                    "a row of " + tokens.length + " tokens and " + targets.length + " targets");
        }
    }

    /** A row of the only task. */
    public TokenRow(int[] tokens, int[] types, int label, int[] targets) {
        this(tokens, types, label, targets, 0);
    }

    /** A row with one class, or of which all tokens are learnt. */
    public TokenRow(int[] tokens, int[] types, int label) {
        this(tokens, types, label, new int[0]);
    }

    /** The same row of another task. */
    public TokenRow ofTask(int index) {
        return new TokenRow(tokens, types, label, targets, index);
    }

    /** A row of one segment. */
    public static TokenRow of(int[] tokens, int label) {
        return new TokenRow(tokens, new int[tokens.length], label);
    }

    @Override
    public int length() {
        return tokens.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenRow row
                && label == row.label
                && task == row.task
                && Arrays.equals(tokens, row.tokens)
                && Arrays.equals(types, row.types)
                && Arrays.equals(targets, row.targets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(tokens) + label;
    }
}
