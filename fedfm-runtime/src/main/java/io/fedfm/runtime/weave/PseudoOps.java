package io.fedfm.runtime.weave;

import io.fedfm.runtime.autodiff.Cotangents;
import io.fedfm.runtime.autodiff.Vjps;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Node;
import java.util.ArrayList;
import java.util.List;

/** Operators that exist only between weaving and compiling: modules that another engine runs. */
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

    private static final String INDEX = "index";

    private PseudoOps() {}

    static Node module(int index, List<String> inputs, String result) {
        return new Node(
                DOMAIN, MODULE, result, inputs, List.of(result), Attributes.of(INDEX, index), "");
    }

    /** The derivatives with that of module nodes. */
    public static Vjps vjps() {
        return Vjps.standard().with(DOMAIN + ":" + MODULE, PseudoOps::backward);
    }

    private static void backward(Node module, Cotangents cotangents) {
        List<String> results = new ArrayList<>();
        for (String input : module.inputs()) {
            results.add(
                    cotangents.needs(input)
                            ? cotangents.builder().graph().freshName("module_vjp")
                            : "");
        }
        cotangents
                .builder()
                .graph()
                .addNode(moduleVjp(module, cotangents.of(module.output()), results));
        for (int i = 0; i < results.size(); i++) {
            if (!results.get(i).isEmpty()) {
                cotangents.contribute(module.input(i), results.get(i));
            }
        }
    }

    private static Node moduleVjp(Node module, String cotangent, List<String> results) {
        List<String> inputs = new ArrayList<>(module.inputs());
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
}
