package io.fedfm.runtime.autodiff;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.Arrays;

/** Small graphs as ONNX models in memory. */
final class GraphModel {
    private GraphModel() {}

    static byte[] bytes(Graph graph) {
        GraphProto.Builder proto = GraphProto.newBuilder().setName("test");
        graph.inputs().values().forEach(input -> proto.addInput(input(input)));
        graph.initializers().forEach((k, v) -> proto.addInitializer(tensor(v).setName(k)));
        graph.nodes().forEach(node -> proto.addNode(node(node)));
        graph.outputs().forEach(o -> proto.addOutput(ValueInfoProto.newBuilder().setName(o)));
        return ModelProto.newBuilder()
                .setIrVersion(9)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(graph.opset()))
                .setGraph(proto)
                .build()
                .toByteArray();
    }

    private static ValueInfoProto input(ValueInfo input) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (String dimension : input.dimensions()) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(dimension));
        }
        TypeProto.Tensor.Builder type =
                TypeProto.Tensor.newBuilder().setElemType(input.type().onnx()).setShape(shape);
        return ValueInfoProto.newBuilder()
                .setName(input.name())
                .setType(TypeProto.newBuilder().setTensorType(type))
                .build();
    }

    private static TensorProto.Builder tensor(Tensor tensor) {
        return TensorProto.newBuilder()
                .setDataType(tensor.type().onnx())
                .addAllDims(Arrays.stream(tensor.shape()).boxed().toList())
                .setRawData(ByteString.copyFrom(tensor.data()));
    }

    private static NodeProto node(Node node) {
        NodeProto.Builder proto =
                NodeProto.newBuilder()
                        .setName(node.name())
                        .setOpType(node.op())
                        .setDomain(node.domain())
                        .addAllInput(node.inputs())
                        .addAllOutput(node.outputs());
        for (String name : node.attributes().names()) {
            proto.addAttribute(attribute(name, node.attributes().value(name)));
        }
        return proto.build();
    }

    private static AttributeProto attribute(String name, Object value) {
        AttributeProto.Builder proto = AttributeProto.newBuilder().setName(name);
        if (value instanceof Long number) {
            proto.setType(AttributeProto.AttributeType.INT).setI(number);
        } else if (value instanceof Float number) {
            proto.setType(AttributeProto.AttributeType.FLOAT).setF(number);
        } else if (value instanceof String text) {
            proto.setType(AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
        } else if (value instanceof long[] numbers) {
            proto.setType(AttributeProto.AttributeType.INTS)
                    .addAllInts(Arrays.stream(numbers).boxed().toList());
        } else if (value instanceof Tensor tensor) {
            proto.setType(AttributeProto.AttributeType.TENSOR).setT(tensor(tensor));
        } else {
            throw new IllegalArgumentException(name + " is " + value);
        }
        return proto.build();
    }
}
