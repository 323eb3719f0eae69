package io.fedfm.runtime.oracle;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a graph operator by operator on DJL arrays; slow, and independent of ONNX Runtime and of
 * fedfm's derivatives.
 */
public final class GraphInterpreter {
    /**
     * Computes every value of a graph.
     *
     * @param graph to run
     * @param feeds inputs that need no gradient
     * @param leaves other values, say inputs that require a gradient; they go before what the graph
     *     itself has under these names
     * @param manager that comes to own all results
     * @return every value by name
     * @throws FedFmException OPERATOR_UNSUPPORTED, if an operator is not known here
     */
    public Map<String, NDArray> run(
            Graph graph,
            Map<String, Tensor> feeds,
            Map<String, NDArray> leaves,
            NDManager manager) {
        Map<String, NDArray> values = new HashMap<>();
        graph.initializers().forEach((k, v) -> values.put(k, DjlArrays.toArray(manager, v)));
        feeds.forEach((name, feed) -> values.put(name, DjlArrays.toArray(manager, feed)));
        values.putAll(leaves);
        for (Node node : graph.nodes()) {
            List<NDArray> results = run(node, values, manager);
            for (int i = 0; i < Math.min(results.size(), node.outputs().size()); i++) {
                String output = node.outputs().get(i);
                if (!leaves.containsKey(output)) {
                    values.put(output, results.get(i));
                }
            }
        }
        values.remove("");
        return values;
    }

    private static List<NDArray> run(Node node, Map<String, NDArray> values, NDManager manager) {
        Operator operator = Operators.find(node);
        if (operator == null) {
            throw new FedFmException(
                    ErrorCode.OPERATOR_UNSUPPORTED,
                    "operator "
                            + node.op()
                            + " (node '"
                            + node.name()
                            + "') is not known to the check's interpreter; check the model with"
                            + " central differences only");
        }
        List<NDArray> inputs = new ArrayList<>();
        for (String input : node.inputs()) {
            NDArray value = values.get(input);
            if (value == null && !input.isEmpty()) {
                throw new IllegalStateException(
                        "node '" + node.name() + "' reads '" + input + "', which has no value");
            }
            inputs.add(value);
        }
        try {
            return operator.run(new Call(node, manager, inputs));
        } catch (EngineException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "node '" + node.name() + "' (" + node.op() + "): " + e.getMessage(), e);
        }
    }
}
