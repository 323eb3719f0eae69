package io.fedfm.api.peft;

/** What kind of place in a backbone a module can be attached to. */
public enum SiteKind {
    /** A linear layer: input [.., in], output [.., out], weight [in, out]. */
    LINEAR,
    /** A hidden state [batch, length, hidden] between or after the parts of a block. */
    HIDDEN,
    /** The scores, queries and context of an attention. */
    ATTENTION,
    /** Word embeddings [batch, length, hidden], before positions, types and norm. */
    EMBEDDING,
    /** Where the graph makes or takes its position ids. */
    POSITIONS
}
