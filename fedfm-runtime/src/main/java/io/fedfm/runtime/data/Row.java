package io.fedfm.runtime.data;

import java.util.Arrays;

/**
 * One row as a backbone sees it, without padding.
 *
 * @param tokens ids, special tokens included
 * @param types the segment of each token
 * @param label the index of its class; 0 for language modelling, which has none
 */
public record Row(int[] tokens, int[] types, int label) {
    /** Checks the lengths; the arrays are kept, not copied, and never written to. */
    public Row {
        if (tokens.length == 0 || tokens.length != types.length) {
            throw new IllegalArgumentException(
                    "a row of " + tokens.length + " tokens and " + types.length + " types");
        }
    }

    /** A row of one segment. */
    public static Row of(int[] tokens, int label) {
        return new Row(tokens, new int[tokens.length], label);
    }

    /** The number of tokens. */
    public int length() {
        return tokens.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Row row
                && label == row.label
                && Arrays.equals(tokens, row.tokens)
                && Arrays.equals(types, row.types);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(tokens) + label;
    }
}
