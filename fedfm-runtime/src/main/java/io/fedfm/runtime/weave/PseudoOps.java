package io.fedfm.runtime.weave;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import java.util.List;

/**
 * Operators that exist only between weaving and compiling: a module that another engine runs, and a
 * stopped gradient.
 */
public final class PseudoOps {
    /** The domain of these operators. */
    public static final String DOMAIN = "fedfm";

    /**
     * A module: its inputs are its site's tensors and its parameters, its output takes the place of
     * a site's tensor.
     */
    public static final String MODULE = "Module";

    /**
     * The gradient of a module: the cotangent, then the module's inputs; an output for each input.
     */
    public static final String MODULE_VJP = "ModuleVjp";

    /** The identity, through which no gradient flows. */
    public static final String STOP_GRADIENT = "StopGradient";

    private static final String INDEX = "index";

    private PseudoOps() {}

    static Node stopGradient(String value, String result) {
        return new Node(
                DOMAIN,
                STOP_GRADIENT,
                result,
                List.of(value),
                List.of(result),
                Attributes.none(),
                "");
    }

    static Node module(int index, List<String> inputs, String result) {
        return new Node(
                DOMAIN, MODULE, result, inputs, List.of(result), Attributes.of(INDEX, index), "");
    }

    /** The gradient node of a module node. */
    public static Node moduleVjp(Node module, String cotangent, List<String> results) {
        List<String> inputs = new java.util.ArrayList<>(module.inputs());
        inputs.add(0, cotangent);
        return new Node(
                DOMAIN,
                MODULE_VJP,
                module.name() + "/vjp",
                inputs,
                results,
                module.attributes(),
                "");
    }

    /** The index of the module in {@link WovenGraph#modules}. */
    public static int index(Node node) {
        return (int) node.attributes().integer(INDEX, -1);
    }

    /** Whether the node is this pseudo-operator. */
    public static boolean is(Node node, String op) {
        return node.domain().equals(DOMAIN) && node.op().equals(op);
    }

    /** Turns stopped gradients into plain identities, once gradients have been made. */
    public static void plainIdentities(Graph graph) {
        graph.setNodes(
                graph.nodes().stream()
                        .map(
                                n ->
                                        is(n, STOP_GRADIENT)
                                                ? Node.of(
                                                        "Identity",
                                                        n.name(),
                                                        n.inputs(),
                                                        n.outputs(),
                                                        Attributes.none())
                                                : n)
                        .toList());
    }
}
