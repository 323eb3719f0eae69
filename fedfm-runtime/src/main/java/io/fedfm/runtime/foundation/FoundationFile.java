package io.fedfm.runtime.foundation;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.OnnxWriter;

/** The reference transformer as an ONNX file that other tools take, too. */
final class FoundationFile {
    private FoundationFile() {}

    /** The bytes of the file, with the type of its output declared. */
    static byte[] of(FoundationShape shape, WeightSource weights) {
        Graph graph = Foundation.build(shape, weights);
        try {
            ModelProto.Builder model = ModelProto.parseFrom(OnnxWriter.write(graph)).toBuilder();
            declare(model.getGraphBuilder().getOutputBuilder(0), shape);
            return model.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a model just written cannot be read", e);
        }
    }

    private static void declare(ValueInfoProto.Builder output, FoundationShape shape) {
        var tensor = output.getTypeBuilder().getTensorTypeBuilder();
        tensor.setElemType(ElementType.FLOAT.onnx());
        tensor.getShapeBuilder().addDimBuilder().setDimParam("batch");
        tensor.getShapeBuilder().addDimBuilder().setDimParam("sequence");
        tensor.getShapeBuilder().addDimBuilder().setDimValue(shape.hidden());
    }
}
