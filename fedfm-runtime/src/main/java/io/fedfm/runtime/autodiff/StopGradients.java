package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import java.util.List;

/**
 * Marks in a graph where no gradient flows back: nodes {@code fedfm:StopGradient} of one input and
 * one output of the same value, which become {@code Identity} before the graph is run.
 */
public final class StopGradients {
    static final String KEY = "fedfm:StopGradient";
    private static final String DOMAIN = "fedfm";
    private static final String OPERATOR = "StopGradient";

    private StopGradients() {}

    /** Appends a mark; returns the value behind it. */
    public static String append(GraphBuilder builder, String value) {
        String output = builder.graph().freshName(OPERATOR);
        builder.graph()
                .addNode(
                        new Node(
                                DOMAIN,
                                OPERATOR,
                                output,
                                List.of(value),
                                List.of(output),
                                Attributes.none(),
                                ""));
        return output;
    }

    /** Turns all marks into {@code Identity}. */
    public static void lower(Graph graph) {
        if (graph.nodes().stream().anyMatch(StopGradients::isMark)) {
            graph.setNodes(graph.nodes().stream().map(StopGradients::identity).toList());
        }
    }

    /** Whether a node is a mark. */
    public static boolean isMark(Node node) {
        return node.domain().equals(DOMAIN) && node.op().equals(OPERATOR);
    }

    private static Node identity(Node node) {
        return isMark(node)
                ? new Node(
                        "",
                        "Identity",
                        node.name(),
                        node.inputs(),
                        node.outputs(),
                        Attributes.none(),
                        node.modulePath())
                : node;
    }
}
