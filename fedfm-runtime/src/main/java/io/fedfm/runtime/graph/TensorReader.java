package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import com.google.protobuf.ByteString;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Reads tensors in all the ways a file may hold them. */
final class TensorReader {
    /** Below this many bytes a tensor is copied, so that it does not hold on to the file. */
    static final int LARGE = 1024;

    private final ExternalData external;

    TensorReader(ExternalData external) {
        this.external = external;
    }

    Tensor read(TensorProto tensor, String what) {
        ElementType type = ElementType.of(tensor.getDataType(), what);
        long[] shape = tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
        long bytes = Math.multiplyExact(elements(shape, what), (long) type.bytes());
        if (bytes > Integer.MAX_VALUE) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    what + " is above 2 GiB; fedfm reads tensors below that");
        }
        if (tensor.hasSegment()) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED, what + " is stored in segments; export again");
        }
        ByteBuffer data;
        if (tensor.getDataLocation() == DataLocation.EXTERNAL) {
            data = bytes == 0 ? ByteBuffer.allocate(0) : external.read(tensor, bytes);
        } else if (tensor.hasRawData()) {
            data = raw(tensor.getRawData());
        } else {
            data = typed(tensor, type);
        }
        if (data.remaining() != bytes) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID,
                    what
                            + " holds "
                            + data.remaining()
                            + " bytes where its shape needs "
                            + bytes
                            + "; export it again");
        }
        return new Tensor(type, shape, data);
    }

    private static long elements(long[] shape, String what) {
        long elements = 1;
        for (long dimension : shape) {
            if (dimension < 0 || dimension > Integer.MAX_VALUE) {
                throw new FedFmException(
                        ErrorCode.MODEL_INVALID, what + " has the dimension " + dimension);
            }
            // Dimensions and the product stay below 2^31, so that this cannot overflow.
            elements = Math.min(elements * dimension, Integer.MAX_VALUE);
        }
        return elements;
    }

    private static ByteBuffer raw(ByteString bytes) {
        return bytes.size() < LARGE
                ? ByteBuffer.wrap(bytes.toByteArray())
                : bytes.asReadOnlyByteBuffer();
    }

    private static ByteBuffer typed(TensorProto tensor, ElementType type) {
        return switch (type) {
            case FLOAT -> floats(tensor.getFloatDataList());
            case DOUBLE -> doubles(tensor.getDoubleDataList());
            case INT64 -> longs(tensor.getInt64DataList());
            default -> integers(tensor.getInt32DataList(), type.bytes());
        };
    }

    private static ByteBuffer floats(List<Float> values) {
        ByteBuffer data = allocate(values.size(), Float.BYTES);
        values.forEach(data::putFloat);
        return data.flip();
    }

    private static ByteBuffer doubles(List<Double> values) {
        ByteBuffer data = allocate(values.size(), Double.BYTES);
        values.forEach(data::putDouble);
        return data.flip();
    }

    private static ByteBuffer longs(List<Long> values) {
        ByteBuffer data = allocate(values.size(), Long.BYTES);
        values.forEach(data::putLong);
        return data.flip();
    }

    /** The narrow types are stored as 32-bit integers whose low bytes count. */
    private static ByteBuffer integers(List<Integer> values, int bytes) {
        ByteBuffer data = allocate(values.size(), bytes);
        for (int value : values) {
            for (int i = 0; i < bytes; i++) {
                data.put((byte) (value >>> (8 * i)));
            }
        }
        return data.flip();
    }

    private static ByteBuffer allocate(int count, int bytes) {
        return ByteBuffer.allocate(Math.multiplyExact(count, bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
