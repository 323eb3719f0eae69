package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongToDoubleFunction;

/** Makes a tensor of any type from the value at each place. */
public final class TensorFill {
    private TensorFill() {}

    /** A tensor whose element at place i, in row-major order, is {@code value(i)}. */
    public static Tensor fill(ElementType type, long[] shape, LongToDoubleFunction value) {
        int size = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        ByteBuffer data =
                ByteBuffer.allocateDirect(Math.multiplyExact(size, type.bytes()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            double number = value.applyAsDouble(i);
            switch (type) {
                case FLOAT -> data.putFloat((float) number);
                case DOUBLE -> data.putDouble(number);
                case INT64 -> data.putLong((long) number);
                case INT32 -> data.putInt((int) number);
                case INT8, UINT8, BOOL -> data.put((byte) number);
                case FLOAT16, BFLOAT16 ->
                        throw new FedFmException(
                                ErrorCode.MODEL_UNSUPPORTED,
                                "the model takes half precision inputs; export it in float32");
            }
        }
        return new Tensor(type, shape, data.flip());
    }
}
