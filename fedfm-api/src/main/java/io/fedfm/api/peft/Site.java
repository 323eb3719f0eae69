package io.fedfm.api.peft;

/**
 * A place in a backbone that a module can be attached to.
 *
 * @param name unique and stable; prefixes the names of the parameters of modules attached here
 * @param kind what kind of place
 * @param role for {@link SiteKind#LINEAR}: {@code q k v o up gate down}, {@code qkv} for a packed
 *     projection, {@code other} beside the blocks. For {@link SiteKind#HIDDEN}: {@code
 *     attention_output} and {@code ffn_output} (of the sublayer, before the residual sum), {@code
 *     attention_sum} and {@code ffn_sum} (after the residual sum), {@code attention_norm} and
 *     {@code ffn_norm} (after the norm of the sublayer)
 * @param block the index of the transformer block, or -1
 * @param modulePath the dotted path of the module in the exporter's naming
 *     ("encoder.layer.0.attention. self.query"), or "" where the graph does not tell
 * @param inputs the width of the last axis of the input; of an attention, that of a head's query
 *     and key
 * @param outputs the width of the last axis of the output; of an attention, that of a head's value
 * @param heads of an attention: the number of query heads; 0 elsewhere, and where the structure
 *     does not tell
 * @param keyValueHeads of an attention: the number of key and value heads, of which each serves
 *     {@code heads / keyValueHeads} query heads in a row
 */
public record Site(
        String name,
        SiteKind kind,
        String role,
        int block,
        String modulePath,
        long inputs,
        long outputs,
        long heads,
        long keyValueHeads) {

    /** A site that is no attention. */
    public Site(
            String name,
            SiteKind kind,
            String role,
            int block,
            String modulePath,
            long inputs,
            long outputs) {
        this(name, kind, role, block, modulePath, inputs, outputs, 0, 0);
    }
}
