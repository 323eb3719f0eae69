package io.fedfm.runtime.program;

import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.Tensor;

/** A backbone with modules and an objective, compiled; used by many threads at once. */
public interface Program extends AutoCloseable {
    /**
     * Forward and backward of one batch.
     *
     * @param batch the rows
     * @param parameters the trainable parameters
     * @param gradients where the gradient of the mean loss goes; the layout of {@code parameters}
     * @param dropoutSeed seeds the masks of this step
     */
    Outcome step(
            Batch batch, ParameterVector parameters, ParameterVector gradients, long dropoutSeed);

    /** Forward of one batch, without dropout. */
    Outcome evaluate(Batch batch, ParameterVector parameters);

    /** The logits of a batch, without dropout: [rows, classes] or [rows, length, vocabulary]. */
    Tensor logits(Batch batch, ParameterVector parameters);

    @Override
    void close();
}
