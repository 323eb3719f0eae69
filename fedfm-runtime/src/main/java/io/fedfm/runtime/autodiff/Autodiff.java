package io.fedfm.runtime.autodiff;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reverse-mode differentiation of a graph: the vector-Jacobian products of the operators between a
 * loss and the wanted values, appended as ordinary nodes.
 *
 * <p>Nothing is computed for values that no wanted value reaches, so frozen weights get no
 * gradient.
 */
public final class Autodiff {
    private final Graph graph;
    private final GraphBuilder builder;
    private final ForwardValues forward;
    private final Vjps vjps;
    private final GradientPath path;
    private final Cotangents cotangents;

    private Autodiff(
            Graph graph, Shapes shapes, Iterable<String> ends, List<String> wanted, Vjps vjps) {
        this.graph = graph;
        this.builder = new GraphBuilder(graph, "grad");
        this.forward = new ForwardValues(graph, shapes);
        this.vjps = vjps;
        List<String> differentiated = new ArrayList<>();
        ends.forEach(differentiated::add);
        this.path = new GradientPath(graph, forward, vjps, differentiated, wanted);
        this.cotangents = new Cotangents(builder, shapes, path.values());
    }

    /**
     * Appends the gradient of a loss.
     *
     * @param graph to append to
     * @param shapes of its values
     * @param loss a float of one element
     * @param wanted values to differentiate with respect to
     * @return each wanted value with the name of its gradient, of the same shape; zeros where the
     *     loss does not depend on it
     * @throws FedFmException OPERATOR_UNSUPPORTED, if an operator on the way has no derivative here
     */
    public static Map<String, String> append(
            Graph graph, Shapes shapes, String loss, List<String> wanted) {
        String one = one(graph, shapes, loss);
        return append(graph, shapes, Map.of(loss, one), wanted, Vjps.standard());
    }

    /**
     * Appends a vector-Jacobian product.
     *
     * @param graph to append to
     * @param shapes of its values
     * @param seeds values with their cotangents, which are values of the graph already
     * @param wanted values to differentiate with respect to
     * @param vjps the derivatives of the operators
     * @return each wanted value with the name of its cotangent
     * @throws FedFmException OPERATOR_UNSUPPORTED, if an operator on the way has no derivative here
     */
    public static Map<String, String> append(
            Graph graph, Shapes shapes, Map<String, String> seeds, List<String> wanted, Vjps vjps) {
        Autodiff autodiff = new Autodiff(graph, shapes, seeds.keySet(), wanted, vjps);
        seeds.forEach(autodiff.cotangents::contribute);
        autodiff.reverse(null);
        Map<String, String> gradients = new LinkedHashMap<>();
        wanted.forEach(value -> gradients.put(value, autodiff.gradient(value)));
        autodiff.cotangents.applyExtensions();
        StopGradients.lower(graph);
        return gradients;
    }

    /** What {@link #append} would refuse: a line for each node; the graph stays as it is. */
    public static List<String> unsupported(
            Graph graph, Shapes shapes, String loss, List<String> wanted) {
        Graph copy = graph.copy();
        Autodiff autodiff = new Autodiff(copy, shapes, List.of(loss), wanted, Vjps.standard());
        autodiff.cotangents.contribute(loss, one(copy, shapes, loss));
        List<String> refusals = new ArrayList<>();
        autodiff.reverse(refusals);
        return refusals;
    }

    /** Walks the nodes backwards; collects refusals if there is a list for them. */
    private void reverse(List<String> refusals) {
        List<Node> nodes = List.copyOf(graph.nodes());
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.outputs().stream().noneMatch(cotangents::has)
                    || node.inputs().stream().noneMatch(cotangents::needs)
                    || vjps.isConstant(node)) {
                continue;
            }
            try {
                backward(node);
            } catch (NoDerivative refusal) {
                String message = describe(node, refusal.getMessage());
                if (refusals == null) {
                    throw new FedFmException(ErrorCode.OPERATOR_UNSUPPORTED, message, refusal);
                }
                refusals.add(message);
                // Anything goes on downwards, so that every refusal below is found too.
                node.inputs().stream()
                        .filter(cotangents::needs)
                        .forEach(
                                in -> cotangents.contribute(in, TargetShape.zeros(cotangents, in)));
            }
        }
    }

    private void backward(Node node) {
        ElementType type = forward.type(node.output());
        if (type != null && type != ElementType.FLOAT && !node.is("Cast")) {
            throw new NoDerivative("it computes in " + type + ", and gradients are float32");
        }
        vjps.find(node)
                .orElseThrow(() -> new NoDerivative("fedfm knows no derivative of it"))
                .backward(node, cotangents);
    }

    private String gradient(String value) {
        return cotangents.has(value) ? cotangents.of(value) : TargetShape.zeros(cotangents, value);
    }

    private String describe(Node node, String reason) {
        String module = node.modulePath().isEmpty() ? "" : " in module '" + node.modulePath() + "'";
        return "operator "
                + node.op()
                + " (node '"
                + node.name()
                + "'"
                + module
                + ") lies between the loss and '"
                + path.originOf(node)
                + "' and cannot be differentiated: "
                + reason
                + "; train only what lies above it, or export the model without it";
    }

    private static String one(Graph graph, Shapes shapes, String loss) {
        long[] shape = shapes.has(loss) ? shapes.dimensions(loss) : new long[0];
        if (Arrays.stream(shape).anyMatch(d -> d != 1)) {
            throw new IllegalArgumentException(
                    "the loss '"
                            + loss
                            + "' has shape "
                            + Arrays.toString(shape)
                            + ", not one element");
        }
        return new GraphBuilder(graph, "grad")
                .initializer("one", Tensor.floats(new float[] {1}, shape));
    }
}
