package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;

/** Turns {@code Constant} nodes into initializers. */
final class ConstantNodes {
    private ConstantNodes() {}

    static boolean is(NodeProto node) {
        return node.getOpType().equals("Constant") && NodeReader.domain(node.getDomain()).isEmpty();
    }

    static void read(Node node, Graph graph) {
        String what = NodeReader.describe(node);
        if (node.outputs().size() != 1
                || node.output().isEmpty()
                || graph.inputs().containsKey(node.output())
                || graph.initializers().containsKey(node.output())) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID, what + " makes no new value; export the model again");
        }
        graph.addInitializer(node.output(), value(node.attributes(), what));
    }

    private static Tensor value(Attributes attributes, String what) {
        if (attributes.names().size() == 1) {
            String name = attributes.names().iterator().next();
            Object value = attributes.value(name);
            if (name.equals("value") && value instanceof Tensor tensor) {
                return tensor;
            }
            if (name.equals("value_int") && value instanceof Long number) {
                return Tensor.longs(new long[] {number});
            }
            if (name.equals("value_ints") && value instanceof long[] numbers) {
                return Tensor.longs(numbers, numbers.length);
            }
            if (name.equals("value_float") && value instanceof Float number) {
                return Tensor.floats(new float[] {number});
            }
            if (name.equals("value_floats") && value instanceof float[] numbers) {
                return Tensor.floats(numbers, numbers.length);
            }
        }
        throw new FedFmException(
                ErrorCode.MODEL_UNSUPPORTED,
                what
                        + " has no one number or tensor of numbers as its value: "
                        + attributes.names());
    }
}
