package io.fedfm.runtime.export;

import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.program.Batch;

/** An export, loaded as its users load it. */
interface LoadedExport extends AutoCloseable {
    /** What it was loaded as. */
    String description();

    /** Its logits of a batch. */
    Tensor logits(Batch batch);

    @Override
    void close();
}
