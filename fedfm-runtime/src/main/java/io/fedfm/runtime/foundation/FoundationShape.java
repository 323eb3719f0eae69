package io.fedfm.runtime.foundation;

/**
 * The sizes of the reference transformer.
 *
 * @param hidden width of the hidden states; a multiple of {@code heads}
 * @param layers number of blocks
 * @param heads attention heads of a block
 * @param vocabulary number of tokens
 * @param length greatest number of positions
 */
public record FoundationShape(int hidden, int layers, int heads, int vocabulary, int length) {
    /** Checks the sizes. */
    public FoundationShape {
        if (hidden < 1 || layers < 1 || heads < 1 || vocabulary < 1 || length < 1) {
            throw new IllegalArgumentException("every size must be 1 or more");
        }
        if (hidden % heads != 0) {
            throw new IllegalArgumentException(
                    "hidden " + hidden + " must be a multiple of heads " + heads);
        }
    }

    /** The width of the feed-forward layers. */
    public int inner() {
        return 4 * hidden;
    }
}
