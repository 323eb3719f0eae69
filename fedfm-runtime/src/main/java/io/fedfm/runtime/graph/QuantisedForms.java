package io.fedfm.runtime.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings the forms in which quantisers write graphs to one: products of floats, with {@link
 * Rounding} where activations are rounded, and matrices that {@code DequantizeLinear} makes of
 * constant integers.
 *
 * <p>Integers stay integers, but for scalars and vectors (biases, norms), which become float
 * constants. Tables are looked up before they are dequantised.
 */
final class QuantisedForms {
    private static final Set<String> OPERATORS =
            Set.of(
                    "DequantizeLinear",
                    "QuantizeLinear",
                    "DynamicQuantizeLinear",
                    "DynamicQuantizeMatMul",
                    "MatMulIntegerToFloat");

    private static final String SUFFIX = "_quantized";
    private static final String FLOATS = "_DequantizeLinear_Output";

    private QuantisedForms() {}

    /** Rewrites a graph in topological order in place. */
    static void read(Graph graph) {
        if (graph.nodes().stream().noneMatch(node -> OPERATORS.contains(node.op()))) {
            return;
        }
        FusedProducts.read(graph);
        IntegerProducts.read(graph);
        RoundingPairs.read(graph);
        SmallConstants.read(graph);
        QuantisedTables.read(graph);
        graph.prune();
        restoreNames(graph);
    }

    /** Quantisers append a suffix to the names of weights; sites are named by the weights' own. */
    private static void restoreNames(Graph graph) {
        Set<String> taken = new HashSet<>(graph.inputs().keySet());
        taken.addAll(graph.initializers().keySet());
        graph.nodes().forEach(node -> taken.addAll(node.outputs()));
        taken.addAll(graph.outputs());
        Map<String, String> names = new HashMap<>();
        for (Node node : graph.nodes()) {
            String data = node.input(0);
            if (!data.endsWith(SUFFIX) || !graph.initializers().containsKey(data)) {
                continue;
            }
            String own = data.substring(0, data.length() - SUFFIX.length());
            if (QuantisedWeights.isMadeBy(node, graph)
                    && !graph.outputs().contains(node.output())
                    && taken.add(own)) {
                names.put(node.output(), own);
            } else if (node.is("Gather") && taken.add(own)) {
                names.put(data, own);
                graph.addInitializer(own, graph.initializers().get(data));
            }
        }
        for (String name : List.copyOf(graph.initializers().keySet())) {
            if (name.endsWith(FLOATS)) {
                String own = name.substring(0, name.length() - FLOATS.length());
                if (taken.add(own)) {
                    names.put(name, own);
                    graph.addInitializer(own, graph.initializers().get(name));
                }
            }
        }
        names.keySet().forEach(graph::removeInitializer);
        graph.setNodes(graph.nodes().stream().map(node -> renamed(node, names)).toList());
    }

    private static Node renamed(Node node, Map<String, String> names) {
        return new Node(
                node.domain(),
                node.op(),
                node.name(),
                each(node.inputs(), names),
                each(node.outputs(), names),
                node.attributes(),
                node.modulePath());
    }

    private static List<String> each(List<String> values, Map<String, String> names) {
        return values.stream().map(value -> names.getOrDefault(value, value)).toList();
    }
}
