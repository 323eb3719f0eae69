package @package@;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.compress.Compressor;
import io.fedfm.api.tensor.ParameterVector;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * The upper half of each float32, which is a bfloat16: 2 bytes an element. A start, to be replaced
 * by your own code.
 */
final class @Name@Compressor implements Compressor {
    @Override
    public ByteBuffer compress(ParameterVector vector) {
        long bytes = Math.multiplyExact(vector.size(), (long) Short.BYTES);
        ByteBuffer payload = ByteBuffer.allocate(Math.toIntExact(bytes));
        vector.forEachChunk(
                (from, count) -> {
                    FloatBuffer floats = vector.floats(from, count);
                    for (int i = 0; i < count; i++) {
                        payload.putShort((short) (Float.floatToIntBits(floats.get(i)) >>> 16));
                    }
                });
        return payload.flip();
    }

    /** What comes from a network may be cut short: bytes that do not fit are refused. */
    @Override
    public void decompress(ByteBuffer payload, ParameterVector result) {
        long expected = result.size() * Short.BYTES;
        if (payload.remaining() != expected) {
            throw new FedFmException(
                    ErrorCode.UPDATE_INVALID,
                    "expected " + expected + " bytes, got " + payload.remaining());
        }
        ByteBuffer source = payload.slice();
        result.forEachChunk(
                (from, count) -> {
                    FloatBuffer floats = result.floats(from, count);
                    for (int i = 0; i < count; i++) {
                        floats.put(i, Float.intBitsToFloat(source.getShort() << 16));
                    }
                });
    }
}
