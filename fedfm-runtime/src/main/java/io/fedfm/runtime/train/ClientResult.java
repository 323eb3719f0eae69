package io.fedfm.runtime.train;

import io.fedfm.api.tensor.ParameterVector;

/**
 * What a client's training gave; owned by the caller.
 *
 * @param client its id
 * @param samples its rows
 * @param loss the mean over its steps
 * @param steps optimizer steps
 * @param parameters its parameters after training
 */
public record ClientResult(
        int client, long samples, double loss, int steps, ParameterVector parameters)
        implements AutoCloseable {
    @Override
    public void close() {
        parameters.close();
    }
}
