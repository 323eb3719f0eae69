package io.fedfm.api.peft;

/**
 * Trained tokens before the real ones of each row.
 *
 * @param count how many
 * @param embedded whether they stand in the sequence: the runtime puts placeholders before the
 *     token ids, and extends mask, types, positions and labels; an embedding module writes over the
 *     rows of the placeholders (prompt tuning). If not, they exist in attentions only, and the
 *     positions of the real tokens are moved by their number (prefix tuning)
 */
public record VirtualTokens(int count, boolean embedded) {
    /** No virtual tokens. */
    public static final VirtualTokens NONE = new VirtualTokens(0, false);

    /** Checks the number. */
    public VirtualTokens {
        if (count < 0) {
            throw new IllegalArgumentException(count + " virtual tokens");
        }
    }

    /** Tokens in the sequence. */
    public static VirtualTokens inSequence(int count) {
        return new VirtualTokens(count, true);
    }

    /** Tokens in attentions only. */
    public static VirtualTokens inAttention(int count) {
        return new VirtualTokens(count, false);
    }

    VirtualTokens and(VirtualTokens other) {
        if (count > 0 && other.count > 0) {
            throw new IllegalArgumentException("two methods with virtual tokens at once");
        }
        return count > 0 ? this : other;
    }
}
