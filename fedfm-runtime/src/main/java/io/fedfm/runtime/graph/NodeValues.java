package io.fedfm.runtime.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Runs a graph in ONNX Runtime as far as one of its nodes. */
public final class NodeValues {
    private NodeValues() {}

    /**
     * What a node makes, by name.
     *
     * @param graph that it is in
     * @param node that depends on the feeds only
     * @param feeds inputs of the graph
     * @throws FedFmException INTERNAL if ONNX Runtime does not run it
     */
    public static Map<String, Tensor> of(Graph graph, Node node, Map<String, Tensor> feeds) {
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
