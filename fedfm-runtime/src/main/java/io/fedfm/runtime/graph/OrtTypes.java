package io.fedfm.runtime.graph;

import ai.onnxruntime.OnnxJavaType;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;

/** Element types as ONNX Runtime names them. */
final class OrtTypes {
    private OrtTypes() {}

    static OnnxJavaType of(ElementType type) {
        return OnnxJavaType.valueOf(type.name());
    }

    static ElementType of(OnnxJavaType type, String what) {
        for (ElementType known : ElementType.values()) {
            if (known.name().equals(type.name())) {
                return known;
            }
        }
        throw new FedFmException(
                ErrorCode.MODEL_UNSUPPORTED,
                what + " has element type " + type + ", which fedfm does not handle");
    }
}
