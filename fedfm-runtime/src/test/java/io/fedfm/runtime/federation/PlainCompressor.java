package io.fedfm.runtime.federation;

import io.fedfm.api.compress.Compressor;
import io.fedfm.api.tensor.ParameterVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** No compression, for short vectors. */
public final class PlainCompressor implements Compressor {
    @Override
    public ByteBuffer compress(ParameterVector vector) {
        int size = (int) vector.size();
        ByteBuffer bytes = ByteBuffer.allocate(size * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector.floats(0, size));
        return bytes;
    }

    @Override
    public void decompress(ByteBuffer payload, ParameterVector result) {
        result.floats(0, (int) result.size())
                .put(payload.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
    }
}
