package io.fedfm.runtime.oracle;

import io.fedfm.runtime.autodiff.StopGradients;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Rounding;
import io.fedfm.runtime.graph.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Spells the rounding of activations out for an oracle: {@code c + stop(round(x) - c)}, where c is
 * x within the reach of the scale. Autograd then goes straight through, and central differences
 * hold the rounding errors fixed.
 */
final class StraightThrough {
    private StraightThrough() {}

    /** Whether the graph rounds activations. */
    static boolean rounds(Graph graph) {
        return graph.nodes().stream().anyMatch(StraightThrough::rounds);
    }

    private static boolean rounds(Node node) {
        return Rounding.is(node) || Rounding.roundsInput(node);
    }

    /** The same graph with roundings spelt out. */
    static Graph spell(Graph graph) {
        if (!rounds(graph)) {
            return graph;
        }
        Graph spelt = graph.copy();
        spelt.setNodes(List.of());
        GraphBuilder builder = new GraphBuilder(spelt, "straight");
        for (Node node : graph.nodes()) {
            if (!rounds(node)) {
                spelt.addNode(node);
                continue;
            }
            String within = within(builder, node);
            String error = StopGradients.append(builder, error(builder, node, within));
            spelt.addNode(
                    Node.of(
                            "Identity",
                            held(node),
                            List.of(error),
                            List.of(held(node)),
                            Attributes.none()));
            if (Rounding.is(node)) {
                spelt.addNode(
                        node.replacedBy("Add", List.of(within, held(node)), Attributes.none()));
            } else {
                String sum = builder.op("Add", within, held(node));
                spelt.addNode(Rounding.withoutMark(node).withInputs(List.of(sum, node.input(1))));
            }
        }
        return spelt;
    }

    /**
     * Appends the rounding errors of a graph to it.
     *
     * @return the value that {@link #spell} holds an error in, to the one made here
     */
    static Map<String, String> appendErrors(Graph graph) {
        GraphBuilder builder = new GraphBuilder(graph, "error");
        Map<String, String> errors = new LinkedHashMap<>();
        for (Node node : List.copyOf(graph.nodes())) {
            if (rounds(node)) {
                errors.put(held(node), error(builder, node, within(builder, node)));
            }
        }
        return errors;
    }

    private static String held(Node node) {
        return "held/" + node.name();
    }

    private static String error(GraphBuilder builder, Node node, String within) {
        List<String> inputs = Rounding.is(node) ? node.inputs() : List.of(node.input(0));
        String rounded = builder.graph().freshName("rounded");
        builder.graph().addNode(Rounding.node(rounded, inputs, rounded, ""));
        return builder.op("Sub", rounded, within);
    }

    /** The operand, within the reach of a constant scale. */
    private static String within(GraphBuilder builder, Node node) {
        if (!Rounding.is(node) || !Rounding.isStatic(node)) {
            return node.input(0);
        }
        Map<String, Tensor> constants = builder.graph().initializers();
        float[] reach = Rounding.reach(constants.get(node.input(1)), constants.get(node.input(2)));
        return builder.op(
                "Clip", node.input(0), builder.scalar(reach[0]), builder.scalar(reach[1]));
    }
}
