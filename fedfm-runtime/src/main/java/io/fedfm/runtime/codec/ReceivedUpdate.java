package io.fedfm.runtime.codec;

import io.fedfm.api.tensor.ParameterVector;

/**
 * A client's update as the server has it.
 *
 * @param header what the client told about it
 * @param parameters the client's parameters after training
 */
public record ReceivedUpdate(MessageHeader header, ParameterVector parameters)
        implements AutoCloseable {
    @Override
    public void close() {
        parameters.close();
    }
}
