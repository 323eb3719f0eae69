package io.fedfm.runtime.codec;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.compress.Compressor;
import io.fedfm.api.tensor.ParameterVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The floats themselves, little-endian: how global parameters go down. */
final class RawFloats implements Compressor {
    @Override
    public ByteBuffer compress(ParameterVector vector) {
        int bytes = Math.toIntExact(vector.size() * Float.BYTES);
        ByteBuffer payload = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        vector.forEachChunk(
                (from, count) -> {
                    payload.asFloatBuffer().put(vector.floats(from, count));
                    payload.position(payload.position() + count * Float.BYTES);
                });
        return payload.flip();
    }

    @Override
    public void decompress(ByteBuffer payload, ParameterVector result) {
        if (payload.remaining() != result.size() * Float.BYTES) {
            throw new FedFmException(
                    ErrorCode.UPDATE_INVALID,
                    "a payload of "
                            + payload.remaining()
                            + " bytes for "
                            + result.size()
                            + " parameters");
        }
        ByteBuffer source = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        result.forEachChunk(
                (from, count) -> {
                    int bytes = count * Float.BYTES;
                    ByteBuffer piece = source.slice(source.position(), bytes);
                    result.floats(from, count)
                            .put(piece.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
                    source.position(source.position() + bytes);
                });
    }
}
