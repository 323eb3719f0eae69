package io.fedfm.runtime.program;

import io.fedfm.runtime.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;

/**
 * A tensor between engines: an Arrow buffer of row-major elements. Whoever makes one closes it.
 *
 * @param type of the elements
 * @param shape the dimensions
 * @param buffer at least the elements
 */
record ArrowTensor(ElementType type, long[] shape, ArrowBuf buffer) implements AutoCloseable {
    /** A direct view of exactly the elements. */
    ByteBuffer bytes() {
        long size = Arrays.stream(shape).reduce(type.bytes(), Math::multiplyExact);
        return buffer.nioBuffer(0, Math.toIntExact(size)).slice().order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        buffer.close();
    }
}
