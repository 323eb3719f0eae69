package io.fedfm.runtime.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A constant tensor of a graph: little-endian, row-major, possibly a view of a mapped file.
 *
 * @param type of the elements
 * @param shape the dimensions; none for a scalar
 * @param data exactly the elements; never written to
 */
public record Tensor(ElementType type, long[] shape, ByteBuffer data) {
    /** Keeps a read-only view. */
    public Tensor {
        shape = shape.clone();
        data = data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A tensor of floats. */
    public static Tensor floats(float[] values, long... shape) {
        ByteBuffer data =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new Tensor(ElementType.FLOAT, shape, data);
    }

    /** A tensor of 64-bit integers. */
    public static Tensor longs(long[] values, long... shape) {
        ByteBuffer data =
                ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        return new Tensor(ElementType.INT64, shape, data);
    }

    /** The number of elements. */
    public long size() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** The elements in order, from their first byte, as a fresh view. */
    @Override
    public ByteBuffer data() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The elements of a float32 tensor. */
    public float[] toFloats() {
        if (type != ElementType.FLOAT) {
            throw new IllegalStateException("a tensor of " + type + " has no floats");
        }
        float[] values = new float[Math.toIntExact(size())];
        data().asFloatBuffer().get(values);
        return values;
    }

    /** The elements of a tensor of integers (64 or 32 bits, or bool). */
    public long[] toLongs() {
        long[] values = new long[Math.toIntExact(size())];
        ByteBuffer bytes = data();
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    switch (type) {
                        case INT64 -> bytes.getLong(i * Long.BYTES);
                        case INT32 -> bytes.getInt(i * Integer.BYTES);
                        case INT8, BOOL -> bytes.get(i);
                        case UINT8 -> Byte.toUnsignedLong(bytes.get(i));
                        default ->
                                throw new IllegalStateException(
                                        "a tensor of " + type + " has no integers");
                    };
        }
        return values;
    }
}
