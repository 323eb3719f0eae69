package io.fedfm.runtime.train;

import io.fedfm.api.tensor.ParameterVector;

/**
 * Changes the flat gradient of a client's step before the optimizer sees it: clipping, a proximal
 * term, a control variate. Called by many threads at once, for different clients.
 */
@FunctionalInterface
public interface GradientStep {
    /** Changes {@code gradients} in place. */
    void apply(LocalStep step, ParameterVector gradients);

    /**
     * Where a client is in its training.
     *
     * @param round from 1
     * @param client its id
     * @param step from 1, counted over its local epochs
     * @param start the parameters it started the round from
     * @param parameters its parameters now; not to be changed
     */
    record LocalStep(
            int round, int client, int step, ParameterVector start, ParameterVector parameters) {}
}
