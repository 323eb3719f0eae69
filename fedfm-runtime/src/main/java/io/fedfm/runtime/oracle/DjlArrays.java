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

/**
 * Copies between tensors of a graph and DJL arrays; float32 tensors become arrays of float64, so
 * that an oracle's own rounding does not count.
 */
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
        if (tensor.type() != ElementType.FLOAT) {
            return manager.create(direct, shape, type);
        }
        try (NDArray single = manager.create(direct, shape, DataType.FLOAT32)) {
            return single.toType(type, true);
        }
    }

    /** An array of floating-point numbers, rounded to a tensor of float32. */
    static Tensor toTensor(NDArray array) {
        NDArray rounded = array.toType(DataType.FLOAT32, false);
        return new Tensor(ElementType.FLOAT, array.getShape().getShape(), rounded.toByteBuffer());
    }

    /** The one element of an array. */
    static double toNumber(NDArray array) {
        return array.toType(DataType.FLOAT64, false).toDoubleArray()[0];
    }

    /** {@code a} where the condition holds and {@code b} elsewhere, with broadcasting. */
    static NDArray where(NDArray condition, NDArray a, NDArray b) {
        return JniUtils.where((PtNDArray) condition, (PtNDArray) a, (PtNDArray) b);
    }

    /** A number as an operand, of the same manager and type as {@code x}. */
    static NDArray scalar(NDArray x, double value) {
        // Not mul(Number) and the like: DJL frees that number's memory while autograd holds it.
        return x.getManager().create(value).toType(x.getDataType(), false);
    }

    /** {@code x} times a number. */
    static NDArray times(NDArray x, double factor) {
        return x.mul(scalar(x, factor));
    }

    /** {@code x} to the power of a number. */
    static NDArray power(NDArray x, double exponent) {
        return x.pow(scalar(x, exponent));
    }

    /** The average over axes. */
    static NDArray mean(NDArray x, int[] axes, boolean keep) {
        long count = Arrays.stream(axes).mapToLong(x.getShape()::get).reduce(1, (a, b) -> a * b);
        return times(x.sum(axes, keep), 1.0 / count);
    }

    /** A vector of integers. */
    static NDArray vector(NDManager manager, long... values) {
        return values.length == 0
                ? manager.zeros(new Shape(0), DataType.INT64)
                : manager.create(values, new Shape(values.length));
    }

    /** What the elements of a type are computed in. */
    static DataType type(ElementType type) {
        return switch (type) {
            case FLOAT, DOUBLE -> DataType.FLOAT64;
            case FLOAT16 -> DataType.FLOAT16;
            case BFLOAT16 -> DataType.BFLOAT16;
            case INT64 -> DataType.INT64;
            case INT32 -> DataType.INT32;
            case INT8 -> DataType.INT8;
            case UINT8 -> DataType.UINT8;
            case BOOL -> DataType.BOOLEAN;
        };
    }
}
