package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.Map;

/**
 * Brings a graph of opset 9 to 19 to the operators of {@link Graph#OPSET}; higher opsets stay.
 *
 * <p>An operator whose meaning changed since and that has no conversion is refused by name.
 */
final class OpsetUpgrade {
    /** Rewrites one node of an older opset. */
    @FunctionalInterface
    interface Conversion {
        /** Appends to {@code target} what makes the outputs of {@code node}. */
        void convert(Node node, GraphBuilder target);
    }

    private OpsetUpgrade() {}

    /**
     * The same graph with current operators.
     *
     * @param graph in topological order; not changed
     * @param declaredRanks ranks of values that the file declares, where it does
     */
    static Graph upgrade(Graph graph, Map<String, Integer> declaredRanks) {
        int opset = graph.opset();
        Graph upgraded = new Graph(Math.max(opset, Graph.OPSET));
        graph.inputs().values().forEach(upgraded::addInput);
        graph.initializers().forEach(upgraded::addInitializer);
        graph.outputs().forEach(upgraded::addOutput);
        Map<String, Conversion> conversions =
                OpConversions.all(new Ranks(graph, declaredRanks)::rank);
        GraphBuilder target = new GraphBuilder(upgraded, "opset" + opset);
        for (Node node : graph.nodes()) {
            if (FusedProducts.is(node.domain(), node.op())
                    || StandardOperators.isCurrent(node.op(), opset)) {
                upgraded.addNode(node);
            } else if (conversions.containsKey(node.op())) {
                convert(node, conversions.get(node.op()), target);
            } else {
                throw StandardOperators.unsupported(node, opset);
            }
        }
        return upgraded;
    }

    private static void convert(Node node, Conversion conversion, GraphBuilder target) {
        try {
            conversion.convert(node, target);
        } catch (ClassCastException e) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID,
                    NodeReader.describe(node)
                            + " has an attribute of the wrong type; export the model again",
                    e);
        }
    }
}
