package io.fedfm.plugin.none;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.compress.Compressor;
import io.fedfm.api.tensor.ParameterVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** No compression: 4 bytes an element, little-endian float32, in the order of the layout. */
final class NoCompressor implements Compressor {
    @Override
    public ByteBuffer compress(ParameterVector vector) {
        int length = Math.toIntExact(Math.multiplyExact(vector.size(), (long) Float.BYTES));
        ByteBuffer payload = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer target = payload.asFloatBuffer();
        vector.forEachChunk((from, count) -> target.put(vector.floats(from, count)));
        return payload;
    }

    @Override
    public void decompress(ByteBuffer payload, ParameterVector result) {
        long expected = result.size() * Float.BYTES;
        if (payload.remaining() != expected) {
            throw new FedFmException(
                    ErrorCode.UPDATE_INVALID,
                    "an update of "
                            + result.size()
                            + " parameters has "
                            + expected
                            + " bytes, this one has "
                            + payload.remaining());
        }
        // slice(): the payload's own position stays where it is.
        FloatBuffer source = payload.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        result.forEachChunk(
                (from, count) ->
                        result.floats(from, count).put(source.slice(Math.toIntExact(from), count)));
    }
}
