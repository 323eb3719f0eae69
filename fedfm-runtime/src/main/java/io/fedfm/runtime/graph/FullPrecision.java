package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Widens graphs of 16-bit floats (float16, bfloat16) to float32: weights, inputs, and what casts
 * and constants make.
 *
 * <p>Every 16-bit number is a float32 number, so the weights keep their values; only the rounding
 * of results to 16 bits goes. Gradients of 16 bits would underflow, and few operators of ONNX
 * Runtime have a 16-bit kernel on the CPU.
 */
final class FullPrecision {
    /** Tensors above this many bytes are kept off the heap, in a file without a name. */
    private static final long ON_HEAP = 1 << 20;

    private FullPrecision() {}

    /**
     * The same graph in float32, without the casts that are left with nothing to do; the graph
     * itself if it has nothing of 16 bits.
     */
    static Graph widen(Graph graph) {
        if (graph.nodes().stream().noneMatch(FullPrecision::isHalf)
                && graph.inputs().values().stream().noneMatch(input -> isHalf(input.type()))
                && graph.initializers().values().stream().noneMatch(t -> isHalf(t.type()))) {
            return graph;
        }
        Graph wide = new Graph(graph.opset());
        graph.inputs().values().forEach(input -> wide.addInput(widen(input)));
        graph.initializers().forEach((k, v) -> wide.addInitializer(k, widen(v, k)));
        FloatValues floats = new FloatValues(wide);
        for (Node node : graph.nodes()) {
            Node widened = widen(node);
            boolean idle = floats.contains(widened.input(0)) && isToFloat(widened);
            floats.add(widened);
            wide.addNode(
                    idle ? node.replacedBy("Identity", node.inputs(), Attributes.none()) : widened);
        }
        graph.outputs().forEach(wide::addOutput);
        return wide;
    }

    private static boolean isToFloat(Node node) {
        return node.is("Cast") && node.attributes().integer("to", 0) == ElementType.FLOAT.onnx();
    }

    /** Whether an attribute of a node is of 16 bits. */
    private static boolean isHalf(Node node) {
        for (String name : node.attributes().names()) {
            Object value = node.attributes().value(name);
            if (value instanceof Tensor tensor && isHalf(tensor.type())
                    || value instanceof Long number && isType(name) && isHalf(number)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isHalf(ElementType type) {
        return type == ElementType.FLOAT16 || type == ElementType.BFLOAT16;
    }

    /** The same declaration in float32. */
    static ValueInfo widen(ValueInfo input) {
        return isHalf(input.type())
                ? new ValueInfo(input.name(), ElementType.FLOAT, input.dimensions())
                : input;
    }

    private static Node widen(Node node) {
        Attributes attributes = node.attributes();
        for (String name : List.copyOf(attributes.names())) {
            Object value = attributes.value(name);
            if (value instanceof Tensor tensor) {
                attributes = attributes.with(name, widen(tensor, node.name()));
            } else if (value instanceof Long number && isType(name) && isHalf(number)) {
                attributes = attributes.with(name, ElementType.FLOAT.onnx());
            }
        }
        return new Node(
                node.domain(),
                node.op(),
                node.name(),
                node.inputs(),
                node.outputs(),
                attributes,
                node.modulePath());
    }

    /** Of Cast; of EyeLike and the random operators. */
    private static boolean isType(String attribute) {
        return attribute.equals("to") || attribute.equals("dtype");
    }

    private static boolean isHalf(long onnx) {
        return onnx == ElementType.FLOAT16.onnx() || onnx == ElementType.BFLOAT16.onnx();
    }

    private static Tensor widen(Tensor tensor, String name) {
        if (!isHalf(tensor.type())) {
            return tensor;
        }
        boolean brain = tensor.type() == ElementType.BFLOAT16;
        ByteBuffer from = tensor.data();
        ByteBuffer to = room(Math.multiplyExact(tensor.size(), (long) Float.BYTES), name);
        while (from.hasRemaining()) {
            short bits = from.getShort();
            to.putFloat(brain ? Float.intBitsToFloat(bits << 16) : HalfFloat.toFloat(bits));
        }
        return new Tensor(ElementType.FLOAT, tensor.shape(), to.flip());
    }

    private static ByteBuffer room(long bytes, String name) {
        if (bytes > Integer.MAX_VALUE) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "tensor '"
                            + name
                            + "' is above 2 GiB in float32, which 16-bit weights are widened to;"
                            + " fedfm reads tensors below that");
        }
        try {
            ByteBuffer room =
                    bytes <= ON_HEAP
                            ? ByteBuffer.allocate((int) bytes)
                            : MappedFile.scratch((int) bytes);
            return room.order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.RUN_FAILED,
                    "the 16-bit weights cannot be widened to float32 in the folder for temporary"
                            + " files: "
                            + e
                            + "; free space there",
                    e);
        }
    }
}
