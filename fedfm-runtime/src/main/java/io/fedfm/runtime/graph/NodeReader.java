package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.List;

/** Reads nodes with their attributes and module paths. */
final class NodeReader {
    private final TensorReader tensors;

    NodeReader(TensorReader tensors) {
        this.tensors = tensors;
    }

    Node read(NodeProto node) {
        Attributes attributes = Attributes.none();
        for (AttributeProto attribute : node.getAttributeList()) {
            attributes = attributes.with(attribute.getName(), value(node, attribute));
        }
        return new Node(
                domain(node.getDomain()),
                node.getOpType(),
                node.getName(),
                node.getInputList(),
                node.getOutputList(),
                attributes,
                ModulePaths.of(node));
    }

    /** Reads the initializers of a graph or of a branch into {@code graph}. */
    void initializers(GraphProto proto, Graph graph) {
        if (proto.getSparseInitializerCount() > 0) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED, "has sparse initializers; export it dense");
        }
        for (TensorProto tensor : proto.getInitializerList()) {
            String what = "initializer '" + tensor.getName() + "'";
            if (tensor.getName().isEmpty() || graph.initializers().containsKey(tensor.getName())) {
                throw invalid(what + " has no name or one that is taken; export the model again");
            }
            graph.addInitializer(tensor.getName(), tensors.read(tensor, what));
        }
    }

    /** "ai.onnx" is another name of the standard domain. */
    static String domain(String domain) {
        return domain.equals("ai.onnx") ? "" : domain;
    }

    /** How errors name a node. */
    static String describe(Node node) {
        return describe(node.op(), node.name(), node.outputs());
    }

    private static String describe(String op, String name, List<String> outputs) {
        return op + " node '" + (name.isEmpty() ? String.join(", ", outputs) : name) + "'";
    }

    static String describe(NodeProto node) {
        return describe(node.getOpType(), node.getName(), node.getOutputList());
    }

    private Object value(NodeProto node, AttributeProto attribute) {
        String what = describe(node);
        if (!attribute.getRefAttrName().isEmpty()) {
            throw invalid(what + " refers to a function's attribute outside of a function");
        }
        return switch (attribute.getType()) {
            case INT -> attribute.getI();
            case FLOAT -> attribute.getF();
            case STRING -> attribute.getS().toStringUtf8();
            case TENSOR ->
                    tensors.read(
                            attribute.getT(), what + ": attribute '" + attribute.getName() + "'");
            case INTS -> attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
            case FLOATS -> floats(attribute.getFloatsList());
            case STRINGS ->
                    attribute.getStringsList().stream().map(ByteString::toStringUtf8).toList();
            case GRAPH, GRAPHS ->
                    throw unsupported(
                            what
                                    + " has branches or loops, which fedfm does not train; export"
                                    + " without data-dependent control flow");
            case UNDEFINED ->
                    throw invalid(what + ": attribute '" + attribute.getName() + "' has no type");
            default ->
                    throw unsupported(
                            what
                                    + ": attribute '"
                                    + attribute.getName()
                                    + "' is of a kind that fedfm does not read: "
                                    + attribute.getType());
        };
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    private static FedFmException invalid(String message) {
        return new FedFmException(ErrorCode.MODEL_INVALID, message);
    }

    private static FedFmException unsupported(String message) {
        return new FedFmException(ErrorCode.MODEL_UNSUPPORTED, message);
    }
}
