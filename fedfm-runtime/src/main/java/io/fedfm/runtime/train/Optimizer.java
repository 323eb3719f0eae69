package io.fedfm.runtime.train;

import io.fedfm.api.tensor.ParameterVector;

/**
 * Changes parameters by their gradients; an instance holds the moments of one client's training.
 */
public interface Optimizer extends AutoCloseable {
    /**
     * One step, in place.
     *
     * @param parameters always the same vector
     * @param gradients of the same layout; left as they are
     * @param rate the learning rate of this step
     */
    void step(ParameterVector parameters, ParameterVector gradients, double rate);

    @Override
    void close();
}
