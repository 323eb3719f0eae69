package io.fedfm.runtime.oracle;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.NodeValues;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs a graph operator by operator on DJL arrays, in float64 what the graph computes in float32;
 * slow, and independent of ONNX Runtime and of fedfm's derivatives.
 */
public final class GraphInterpreter {
    /**
     * The operators between some parameters and the outputs of a graph that are not known here, a
     * line for each node.
     */
    public static List<String> unsupported(Graph graph, Set<String> parameters) {
        return FrozenNodes.dependents(graph, parameters).stream()
                .filter(node -> Operators.find(node) == null)
                .map(GraphInterpreter::unknown)
                .toList();
    }

    /**
     * Computes every value of a graph. What the interpreter does not know and no leaf reaches (the
     * resizing of position embeddings, say) ONNX Runtime computes: there is nothing to prove there.
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
        Set<Node> reached = Set.copyOf(FrozenNodes.dependents(graph, leaves.keySet()));
        for (Node node : graph.nodes()) {
            try {
                put(node, run(node, values, manager), values, leaves.keySet());
            } catch (FedFmException e) {
                if (reached.contains(node)) {
                    throw e;
                }
                NodeValues.of(graph, node, all(feeds, leaves))
                        .forEach((k, v) -> values.put(k, DjlArrays.toArray(manager, v)));
            }
        }
        return values;
    }

    /** Leaves too: what no leaf reaches may still take its shape from one. */
    private static Map<String, Tensor> all(Map<String, Tensor> feeds, Map<String, NDArray> leaves) {
        Map<String, Tensor> all = new HashMap<>(feeds);
        leaves.forEach((name, leaf) -> all.put(name, DjlArrays.toTensor(leaf)));
        return all;
    }

    /**
     * Computes some nodes again.
     *
     * @param nodes in topological order
     * @param values what they read, and where their results go
     * @param fixed names of values that keep what they are
     * @param manager of constants that operators need
     */
    void run(List<Node> nodes, Map<String, NDArray> values, Set<String> fixed, NDManager manager) {
        for (Node node : nodes) {
            put(node, run(node, values, manager), values, fixed);
        }
    }

    private static void put(
            Node node, List<NDArray> results, Map<String, NDArray> values, Set<String> fixed) {
        for (int i = 0; i < Math.min(results.size(), node.outputs().size()); i++) {
            String output = node.outputs().get(i);
            if (!output.isEmpty() && !fixed.contains(output)) {
                values.put(output, results.get(i));
            }
        }
    }

    private static String unknown(Node node) {
        return "operator "
                + node.op()
                + " (node '"
                + node.name()
                + "') is not known to the interpreter of the check, so its gradient cannot be"
                + " proved; export the model without it";
    }

    private static List<NDArray> run(Node node, Map<String, NDArray> values, NDManager manager) {
        Operator operator = Operators.find(node);
        if (operator == null) {
            throw new FedFmException(ErrorCode.OPERATOR_UNSUPPORTED, unknown(node));
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
            throw new FedFmException(
                    ErrorCode.OPERATOR_UNSUPPORTED,
                    "operator "
                            + node.op()
                            + " (node '"
                            + node.name()
                            + "') is used in a way the interpreter of the check does not know: "
                            + e.getMessage(),
                    e);
        }
    }
}
