package io.fedfm.runtime.data;

/**
 * What a backbone calls its inputs; "" for one that it does not have.
 *
 * @param tokens token ids
 * @param mask 1 for tokens, 0 for padding
 * @param types segments
 * @param positions 0, 1, 2, ...
 */
public record InputNames(String tokens, String mask, String types, String positions)
        implements ModelInputs {
    /** Checks that there are tokens. */
    public InputNames {
        if (tokens.isEmpty()) {
            throw new IllegalArgumentException("a backbone of texts has an input of token ids");
        }
    }
}
