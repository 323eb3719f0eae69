package io.fedfm.runtime.data;

/** One row as a backbone sees it: tokens or an image. */
public sealed interface Row permits TokenRow, ImageRow {
    /** The index of its class; 0 where a row has no class of its own. */
    int label();

    /** The index of its task; 0 where rows are not told apart. */
    int task();

    /** The number of tokens; 1 for an image. */
    int length();
}
