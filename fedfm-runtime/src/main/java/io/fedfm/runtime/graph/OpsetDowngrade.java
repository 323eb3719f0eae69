package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.List;
import java.util.Set;

/**
 * Writes nodes as an older opset has them, so that they can follow a model of that opset: the axes
 * of reductions, {@code Squeeze} and {@code Unsqueeze} were attributes once.
 */
public final class OpsetDowngrade {
    private static final Set<String> WITH_AXES = Set.of("Squeeze", "Unsqueeze");

    private OpsetDowngrade() {}

    /**
     * The nodes of a graph for a model at {@code opset}.
     *
     * @param graph at {@link Graph#OPSET} or above
     * @throws FedFmException MODEL_UNSUPPORTED if an operator has no such form
     */
    public static List<Node> nodes(Graph graph, int opset) {
        return graph.nodes().stream().map(node -> older(node, graph, opset)).toList();
    }

    private static Node older(Node node, Graph graph, int opset) {
        if (opset >= graph.opset() || StandardOperators.isCurrent(node.op(), opset)) {
            return node;
        }
        boolean takesAxes = node.op().startsWith("Reduce") || WITH_AXES.contains(node.op());
        if (takesAxes && node.inputs().size() == 1) {
            return node;
        }
        Tensor axes = graph.initializers().get(node.input(1));
        if (takesAxes && axes != null) {
            return new Node(
                    "",
                    node.op(),
                    node.name(),
                    List.of(node.input(0)),
                    node.outputs(),
                    node.attributes().with("axes", axes.toLongs()),
                    node.modulePath());
        }
        throw new FedFmException(
                ErrorCode.MODEL_UNSUPPORTED,
                "the trained head needs the operator "
                        + node.op()
                        + ", which a model at opset "
                        + opset
                        + " does not have; export the backbone at a newer opset, or this run with --to onnx");
    }
}
