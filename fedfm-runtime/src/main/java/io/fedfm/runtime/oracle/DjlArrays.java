package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Copies between tensors of a graph and DJL arrays. */
final class DjlArrays {
    private DjlArrays() {}

    /** A copy of a tensor. */
    static NDArray toArray(NDManager manager, Tensor tensor) {
        Shape shape = new Shape(tensor.shape());
        DataType type = type(tensor.type());
        if (tensor.size() == 0) {
            return manager.zeros(shape, type);
        }
        ByteBuffer source = tensor.data();
        ByteBuffer direct =
                ByteBuffer.allocateDirect(source.remaining()).order(ByteOrder.nativeOrder());
        direct.put(source).rewind();
        // The engine keeps the buffer, which no one else writes to, as the array's memory.
        return manager.create(direct, shape, type);
    }

    /** A copy of an array. */
    static Tensor toTensor(NDArray array) {
        ElementType type = elementType(array.getDataType());
        return new Tensor(type, array.getShape().getShape(), array.toByteBuffer());
    }

    /** {@code a} where the condition holds and {@code b} elsewhere, with broadcasting. */
    static NDArray where(NDArray condition, NDArray a, NDArray b) {
        return JniUtils.where((PtNDArray) condition, (PtNDArray) a, (PtNDArray) b);
    }

    /** The average over axes. */
    static NDArray mean(NDArray x, int[] axes, boolean keep) {
        long count = Arrays.stream(axes).mapToLong(x.getShape()::get).reduce(1, (a, b) -> a * b);
        return x.sum(axes, keep).div(count);
    }

    /** A vector of integers. */
    static NDArray vector(NDManager manager, long... values) {
        return values.length == 0
                ? manager.zeros(new Shape(0), DataType.INT64)
                : manager.create(values, new Shape(values.length));
    }

    static DataType type(ElementType type) {
        return switch (type) {
            case FLOAT -> DataType.FLOAT32;
            case DOUBLE -> DataType.FLOAT64;
            case FLOAT16 -> DataType.FLOAT16;
            case INT64 -> DataType.INT64;
            case INT32 -> DataType.INT32;
            case INT8 -> DataType.INT8;
            case UINT8 -> DataType.UINT8;
            case BOOL -> DataType.BOOLEAN;
        };
    }

    private static ElementType elementType(DataType type) {
        return Arrays.stream(ElementType.values())
                .filter(candidate -> type(candidate) == type)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("an array of " + type));
    }
}
