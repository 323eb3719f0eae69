package io.fedfm.api.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The state that travels: one contiguous float32 Arrow buffer and the layout of the tensors in it.
 *
 * <p>Whoever allocates a vector closes it. Arguments of this type are borrowed; results belong to
 * the caller. Buffers seen through {@link #bytes} and {@link #floats} are views and are valid until
 * {@link #close()}.
 */
public final class ParameterVector implements AutoCloseable {
    private static final int CHUNK = 1 << 20;

    private final ParameterLayout layout;
    private final ArrowBuf buffer;

    private ParameterVector(ParameterLayout layout, ArrowBuf buffer) {
        this.layout = layout;
        this.buffer = buffer;
    }

    /** Allocates a vector of zeros. */
    public static ParameterVector zeros(BufferAllocator allocator, ParameterLayout layout) {
        ArrowBuf buffer = allocator.buffer(Math.max(1, layout.size()) * Float.BYTES);
        buffer.setZero(0, buffer.capacity());
        return new ParameterVector(layout, buffer);
    }

    /** Allocates a copy of this vector. */
    public ParameterVector copy(BufferAllocator allocator) {
        ParameterVector copy = zeros(allocator, layout);
        copy.set(this);
        return copy;
    }

    /** Names, shapes and offsets. */
    public ParameterLayout layout() {
        return layout;
    }

    /** The number of elements. */
    public long size() {
        return layout.size();
    }

    /** A direct, native-order view of {@code count} floats from element {@code from}, in bytes. */
    public ByteBuffer bytes(long from, int count) {
        // slice(): DJL ignores the position of a buffer.
        return buffer.nioBuffer(from * Float.BYTES, Math.multiplyExact(count, Float.BYTES))
                .slice()
                .order(ByteOrder.nativeOrder());
    }

    /** A view of {@code count} floats from element {@code from}. */
    public FloatBuffer floats(long from, int count) {
        return bytes(from, count).asFloatBuffer();
    }

    /** A view of one tensor. */
    public FloatBuffer floats(String name) {
        ParameterLayout.Entry entry = layout.entry(name);
        return floats(entry.offset(), Math.toIntExact(entry.size()));
    }

    /** Overwrites this vector with another of the same layout. */
    public void set(ParameterVector source) {
        if (!layout.equals(source.layout)) {
            throw new IllegalArgumentException(
                    "layouts differ: " + layout + " and " + source.layout);
        }
        buffer.setBytes(0, source.buffer, 0, size() * Float.BYTES);
    }

    /** Whether every element is a finite number. */
    public boolean isFinite() {
        boolean[] finite = {true};
        forEachChunk(
                (from, count) -> {
                    FloatBuffer floats = floats(from, count);
                    for (int i = 0; i < count; i++) {
                        finite[0] &= Float.isFinite(floats.get(i));
                    }
                });
        return finite[0];
    }

    /** Visits the vector in ranges that fit a view. */
    public void forEachChunk(ChunkVisitor visitor) {
        for (long from = 0; from < size(); from += CHUNK) {
            visitor.visit(from, (int) Math.min(CHUNK, size() - from));
        }
    }

    /** Sees one range of a vector. */
    @FunctionalInterface
    public interface ChunkVisitor {
        /** Called with the index of the first element and the number of elements. */
        void visit(long from, int count);
    }

    @Override
    public void close() {
        buffer.close();
    }
}
