package io.fedfm.runtime.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads QuantizeLinear with DequantizeLinear behind it, as static quantisation puts them around
 * operators, as one {@link Rounding}; of a constant scalar or vector, as the constant it makes.
 */
final class RoundingPairs {
    private final Graph graph;
    private final Map<String, Node> producers;
    private final Map<List<String>, String> made = new HashMap<>();
    private final Map<String, String> renamed = new HashMap<>();

    private RoundingPairs(Graph graph) {
        this.graph = graph;
        this.producers = graph.producers();
    }

    /** Rewrites in place; a pair whose scales differ or belong to channels stays. */
    static void read(Graph graph) {
        new RoundingPairs(graph).run();
    }

    private void run() {
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Node back =
                    node.withInputs(
                            node.inputs().stream().map(i -> renamed.getOrDefault(i, i)).toList());
            Node there = producers.get(node.input(0));
            if (!node.is("DequantizeLinear") || there == null || !isPair(there, node)) {
                nodes.add(back);
                continue;
            }
            String x = renamed.getOrDefault(there.input(0), there.input(0));
            Tensor constant = graph.initializers().get(x);
            if (constant != null
                    && constant.type() == ElementType.FLOAT
                    && constant.shape().length <= 1) {
                graph.addInitializer(node.output(), rounded(constant, there));
                continue;
            }
            List<String> inputs = new ArrayList<>(there.inputs());
            inputs.set(0, x);
            String same = made.putIfAbsent(inputs, node.output());
            if (same != null && !graph.outputs().contains(node.output())) {
                renamed.put(node.output(), same);
            } else {
                nodes.add(Rounding.node(node.name(), inputs, node.output(), node.modulePath()));
            }
        }
        graph.setNodes(nodes);
    }

    private boolean isPair(Node there, Node back) {
        Tensor scale = graph.initializers().get(there.input(1));
        return there.is("QuantizeLinear")
                && scale != null
                && scale.size() == 1
                && scale.type() == ElementType.FLOAT
                && isSame(there.input(1), back.input(1))
                && isSame(there.input(2), back.input(2))
                && (there.input(2).isEmpty()
                        || QuantisedWeights.isNarrow(graph.initializers().get(there.input(2))));
    }

    private boolean isSame(String one, String other) {
        Tensor a = graph.initializers().get(one);
        Tensor b = graph.initializers().get(other);
        return one.equals(other)
                ? one.isEmpty() || a != null
                : a != null && b != null && a.type() == b.type() && a.data().equals(b.data());
    }

    private Tensor rounded(Tensor constant, Node there) {
        Tensor scale = graph.initializers().get(there.input(1));
        Tensor zero = graph.initializers().get(there.input(2));
        long middle = zero == null ? 0 : zero.toLongs()[0];
        long least = zero != null && zero.type() == ElementType.INT8 ? Byte.MIN_VALUE : 0;
        float step = scale.toFloats()[0];
        float[] values = constant.toFloats();
        for (int i = 0; i < values.length; i++) {
            double level = Math.rint(values[i] / step) + middle;
            double reached = Math.max(least, Math.min(least + 255, level));
            values[i] = (float) (reached - middle) * step;
        }
        return Tensor.floats(values, constant.shape());
    }
}
