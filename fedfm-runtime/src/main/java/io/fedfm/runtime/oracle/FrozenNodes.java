package io.fedfm.runtime.oracle;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.OnnxWriter;
import io.fedfm.runtime.graph.OrtRuntime;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The nodes of a graph that no parameter reaches, whose values are the same for all of them. */
final class FrozenNodes {
    private FrozenNodes() {}

    /** The nodes that a change of these values changes, in order. */
    static List<Node> dependents(Graph graph, Set<String> values) {
        Set<String> changed = new HashSet<>(values);
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.inputs().stream().anyMatch(changed::contains)) {
                changed.addAll(node.outputs());
                changed.remove("");
                nodes.add(node);
            }
        }
        return nodes;
    }

    /**
     * What a node makes, by name.
     *
     * @param graph that it is in
     * @param node that depends on the feeds only
     * @param feeds inputs of the graph
     */
    static Map<String, Tensor> values(Graph graph, Node node, Map<String, Tensor> feeds) {
        Graph part = new Graph(graph.opset());
        graph.initializers().forEach(part::addInitializer);
        part.setNodes(graph.nodes());
        node.outputs().stream().filter(o -> !o.isEmpty()).forEach(part::addOutput);
        part.prune();
        Set<String> read = new HashSet<>();
        part.nodes().forEach(needed -> read.addAll(needed.inputs()));
        graph.inputs().values().stream()
                .filter(input -> read.contains(input.name()))
                .forEach(part::addInput);
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try (SessionOptions options = new SessionOptions();
                OrtSession session =
                        OrtRuntime.environment().createSession(OnnxWriter.write(part), options)) {
            for (String input : part.inputs().keySet()) {
                tensors.put(input, OrtRuntime.copyOf(feeds.get(input)));
            }
            try (OrtSession.Result result = session.run(tensors)) {
                Map<String, Tensor> values = new HashMap<>();
                for (Map.Entry<String, OnnxValue> value : result) {
                    OnnxTensor tensor = (OnnxTensor) value.getValue();
                    long[] shape = tensor.getInfo().getShape();
                    values.put(
                            value.getKey(),
                            new Tensor(OrtRuntime.typeOf(tensor), shape, tensor.getByteBuffer()));
                }
                return values;
            }
        } catch (OrtException e) {
            throw new FedFmException(
                    ErrorCode.INTERNAL, "ONNX Runtime does not run a part of the graph: " + e, e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }
}
