package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A loss and its gradients by PyTorch's autograd, computed in float64.
 *
 * @param loss the value of the loss
 * @param gradients for each parameter the gradient, of its shape; zeros where the loss does not
 *     depend on it
 */
public record GraphGradients(double loss, Map<String, Tensor> gradients) {
    /** Copies the map. */
    public GraphGradients {
        gradients = Map.copyOf(gradients);
    }

    /**
     * Differentiates a graph.
     *
     * @param graph the forward graph
     * @param feeds its inputs
     * @param loss the value to differentiate, of one element
     * @param parameters values to differentiate with respect to, with the point to do it at
     */
    public static GraphGradients of(
            Graph graph, Map<String, Tensor> feeds, String loss, Map<String, Tensor> parameters) {
        return of(graph, feeds, loss, parameters, Map.of());
    }

    /** The same, with values of the graph that are given and not computed. */
    static GraphGradients of(
            Graph graph,
            Map<String, Tensor> feeds,
            String loss,
            Map<String, Tensor> parameters,
            Map<String, Tensor> held) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            boolean before = JniUtils.isGradMode();
            JniUtils.setGradMode(true);
            try {
                return of(graph, feeds, loss, parameters, held, manager);
            } finally {
                JniUtils.setGradMode(before);
            }
        }
    }

    private static GraphGradients of(
            Graph graph,
            Map<String, Tensor> feeds,
            String loss,
            Map<String, Tensor> parameters,
            Map<String, Tensor> held,
            NDManager manager) {
        Map<String, NDArray> leaves = new LinkedHashMap<>();
        parameters.forEach(
                (name, value) -> {
                    NDArray leaf = DjlArrays.toArray(manager, value);
                    leaf.setRequiresGradient(true);
                    leaves.put(name, leaf);
                });
        Map<String, NDArray> given = new HashMap<>(leaves);
        held.forEach((name, tensor) -> given.put(name, DjlArrays.toArray(manager, tensor)));
        NDArray value = new GraphInterpreter().run(graph, feeds, given, manager).get(loss);
        JniUtils.backward((PtNDArray) value, (PtNDArray) value.onesLike(), false, false);
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        leaves.forEach(
                (name, leaf) -> {
                    NDArray gradient = leaf.getGradient();
                    gradients.put(
                            name,
                            DjlArrays.toTensor(gradient == null ? leaf.zerosLike() : gradient));
                });
        return new GraphGradients(DjlArrays.toNumber(value), gradients);
    }
}
