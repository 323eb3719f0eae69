package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.List;

/** What a file declares of inputs, read and written. */
final class ValueInfos {
    private ValueInfos() {}

    static ValueInfo read(ValueInfoProto input) {
        String what = "input '" + input.getName() + "'";
        TypeProto.Tensor tensor = input.getType().getTensorType();
        if (!input.getType().hasTensorType() || !tensor.hasShape()) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    what + " is no tensor of known rank; export with tensor inputs");
        }
        List<String> dimensions =
                tensor.getShape().getDimList().stream().map(ValueInfos::dimension).toList();
        return new ValueInfo(
                input.getName(), ElementType.of(tensor.getElemType(), what), dimensions);
    }

    static ValueInfoProto write(ValueInfo input) {
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(input.type().onnx());
        tensor.getShapeBuilder();
        for (String text : input.dimensions()) {
            Dimension.Builder dimension = tensor.getShapeBuilder().addDimBuilder();
            if (isNumber(text)) {
                dimension.setDimValue(Long.parseLong(text));
            } else if (!text.isEmpty()) {
                dimension.setDimParam(text);
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(input.name())
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** Whether a dimension is a number, rather than a symbol or nothing. */
    static boolean isNumber(String dimension) {
        return !dimension.isEmpty() && dimension.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String dimension(Dimension dimension) {
        return switch (dimension.getValueCase()) {
            // Some old exporters write -1 or 0 for a dimension that may vary.
            case DIM_VALUE ->
                    dimension.getDimValue() > 0 ? Long.toString(dimension.getDimValue()) : "";
            case DIM_PARAM -> dimension.getDimParam();
            case VALUE_NOT_SET -> "";
        };
    }
}
