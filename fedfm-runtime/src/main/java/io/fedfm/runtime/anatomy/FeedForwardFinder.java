package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.anatomy.Block.FeedForward;
import io.fedfm.runtime.anatomy.Block.Sum;
import io.fedfm.runtime.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the layers of a feed-forward network behind its residual sum: {@code down(f(up(x)))} or
 * {@code down(f(gate(x)) * up(x))}.
 */
final class FeedForwardFinder {
    private static final Set<String> ACTIVATIONS =
            Set.of(
                    "Sigmoid",
                    "Tanh",
                    "Erf",
                    "Gelu",
                    "Relu",
                    "LeakyRelu",
                    "Elu",
                    "Selu",
                    "Softplus",
                    "HardSigmoid",
                    "HardSwish",
                    "Mish",
                    "Swish");

    private final Walk walk;
    private final Reach reach;

    FeedForwardFinder(Walk walk, Reach reach) {
        this.walk = walk;
        this.reach = reach;
    }

    /**
     * The network that ends in a residual sum.
     *
     * @param sum the residual sum
     * @param start the value that the first layers must lead back to without another in between
     */
    FeedForward of(Sum sum, String start) {
        LinearLayer down = reach.back(sum.output()).only();
        Set<LinearLayer> first = down == null ? Set.of() : reach.back(down.input()).layers();
        for (LinearLayer layer : first) {
            if (!reach.back(layer.input()).values().contains(start)) {
                return new FeedForward(sum, null, null, null, Map.of());
            }
        }
        LinearLayer up = first.size() == 1 ? first.iterator().next() : null;
        if (up != null && up.outputs() == down.inputs()) {
            return new FeedForward(sum, up, null, down, Map.of());
        }
        return down == null || first.isEmpty()
                ? new FeedForward(sum, null, null, null, Map.of())
                : gated(sum, down);
    }

    /** The gate is behind the factor that has an activation on its way. */
    private FeedForward gated(Sum sum, LinearLayer down) {
        Node product = walk.producer(walk.beforeShapes(down.input()));
        List<String> gates = new ArrayList<>();
        if (product != null && product.is("Mul") && walk.streamInputs(product).size() == 2) {
            for (String factor : product.inputs()) {
                if (hasActivation(reach.back(factor))) {
                    gates.add(factor);
                }
            }
        }
        if (gates.size() != 1) {
            return new FeedForward(sum, null, null, down, Map.of());
        }
        Reach.Back gate = reach.back(gates.get(0));
        Reach.Back up = reach.back(Walk.other(product, gates.get(0)));
        Map<String, Set<String>> ways = Map.of("up", up.values(), "gate", gate.values());
        return new FeedForward(sum, up.only(), gate.only(), down, ways);
    }

    private boolean hasActivation(Reach.Back way) {
        return way.values().stream()
                .map(walk::producer)
                .anyMatch(
                        node ->
                                node != null
                                        && node.domain().isEmpty()
                                        && ACTIVATIONS.contains(node.op()));
    }
}
