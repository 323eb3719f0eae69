package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a file declares of the values between its nodes; most files declare something, few all.
 *
 * @param shapes dimensions by value, 0 where one is no number
 * @param truths the values that are declared to be of booleans
 */
record Declared(Map<String, long[]> shapes, Set<String> truths) {
    static Declared of(GraphProto graph) {
        Map<String, long[]> shapes = new HashMap<>();
        Set<String> truths = new HashSet<>();
        for (List<ValueInfoProto> infos :
                List.of(graph.getValueInfoList(), graph.getOutputList(), graph.getInputList())) {
            for (ValueInfoProto info : infos) {
                TypeProto.Tensor tensor = info.getType().getTensorType();
                if (tensor.hasShape()) {
                    List<Dimension> dimensions = tensor.getShape().getDimList();
                    shapes.put(
                            info.getName(),
                            dimensions.stream().mapToLong(Dimension::getDimValue).toArray());
                }
                if (tensor.getElemType() == ElementType.BOOL.onnx()) {
                    truths.add(info.getName());
                }
            }
        }
        return new Declared(shapes, truths);
    }

    /** The number of axes by value. */
    Map<String, Integer> ranks() {
        Map<String, Integer> ranks = new HashMap<>();
        shapes.forEach((value, shape) -> ranks.put(value, shape.length));
        return ranks;
    }

    /** A dimension; 0 if it is not known. */
    long dimension(String value, int axis) {
        long[] shape = shapes.getOrDefault(value, new long[0]);
        return axis < shape.length ? shape[axis] : 0;
    }
}
