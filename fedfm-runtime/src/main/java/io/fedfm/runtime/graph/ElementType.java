package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;

/** The element types of tensors that fedfm handles, with their numbers in ONNX. */
public enum ElementType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    FLOAT16(10, 2),
    DOUBLE(11, 8),
    BFLOAT16(16, 2);

    private final int onnx;
    private final int bytes;

    ElementType(int onnx, int bytes) {
        this.onnx = onnx;
        this.bytes = bytes;
    }

    /** The number in {@code TensorProto.DataType}. */
    public int onnx() {
        return onnx;
    }

    /** The size of an element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The type with this ONNX number; {@code what} names the tensor in the error. */
    public static ElementType of(int onnx, String what) {
        for (ElementType type : values()) {
            if (type.onnx == onnx) {
                return type;
            }
        }
        throw new FedFmException(
                ErrorCode.MODEL_UNSUPPORTED,
                what + " has element type " + onnx + ", which fedfm does not read");
    }
}
