package io.fedfm.api.compress;

import io.fedfm.api.tensor.ParameterVector;
import java.nio.ByteBuffer;

/**
 * Turns a vector into bytes and back; each client has an instance of its own, which may keep
 * residuals.
 */
public interface Compressor {
    /** The bytes that stand for this vector; the buffer's remaining bytes are what travels. */
    ByteBuffer compress(ParameterVector vector);

    /**
     * Writes the vector that the bytes stand for.
     *
     * @throws io.fedfm.api.FedFmException with {@link io.fedfm.api.ErrorCode#UPDATE_INVALID} if the
     *     bytes do not fit the layout of {@code result}
     */
    void decompress(ByteBuffer payload, ParameterVector result);
}
