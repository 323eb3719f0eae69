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
        if (down == null) {
            return new FeedForward(sum, null, null, null, Map.of());
        }
        Reach.Back before = reach.back(down.input());
        for (LinearLayer layer : before.layers()) {
            if (!reach.back(layer.input()).values().contains(start)) {
                return new FeedForward(sum, null, null, null, Map.of());
            }
        }
        LinearLayer only = before.only();
        FeedForward gated = gated(sum, down, before.layers().size());
        if (gated != null) {
            return gated;
        }
        return only == null
                ? new FeedForward(sum, null, null, null, Map.of())
                : new FeedForward(sum, only, null, down, Map.of());
    }

    /**
     * The gate is behind the factor that has an activation on its way. A single layer is cut in two
     * for it; without a cut, both factors are one value, as in x sigmoid(x).
     */
    private FeedForward gated(Sum sum, LinearLayer down, int layers) {
        Node product = walk.producer(walk.beforeShapes(down.input()));
        if (product == null || !product.is("Mul") || walk.streamInputs(product).size() != 2) {
            return null;
        }
        List<String> gates = new ArrayList<>();
        for (String factor : product.inputs()) {
            if (hasActivation(reach.back(factor))) {
                gates.add(factor);
            }
        }
        if (gates.size() != 1) {
            return null;
        }
        Reach.Back gate = reach.back(gates.get(0));
        Reach.Back up = reach.back(Walk.other(product, gates.get(0)));
        if (gate.only() == null || up.only() == null) {
            return null;
        }
        boolean cut = layers == 2 || isCut(gate, up);
        return cut
                ? new FeedForward(
                        sum,
                        up.only(),
                        gate.only(),
                        down,
                        Map.of("up", up.values(), "gate", gate.values()))
                : null;
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

    private boolean isCut(Reach.Back gate, Reach.Back up) {
        List<PackedColumns.Part> parts = new PackedColumns(walk).of(gate.only());
        return parts.stream().anyMatch(p -> !up.values().contains(p.value()))
                && parts.stream().anyMatch(p -> up.values().contains(p.value()));
    }
}
