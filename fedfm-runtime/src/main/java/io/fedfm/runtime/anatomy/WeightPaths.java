package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.ModuleScopes;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.ParameterNames;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names that weights have in PyTorch: their own where the exporter kept it, else that of the
 * module that reads them and what it reads them for.
 */
final class WeightPaths {
    private final Map<String, String> read = new HashMap<>();
    private final Map<String, String> tables = new HashMap<>();
    private final Set<String> folded = new HashSet<>();

    WeightPaths(Graph graph, List<LinearLayer> layers) {
        ModuleScopes scopes = new ModuleScopes(graph);
        for (Node node : graph.nodes()) {
            String module = scopes.of(node);
            for (int i = 0; i < node.inputs().size() && !module.isEmpty(); i++) {
                String role = ParameterNames.role(node, i);
                if (node.is("Gather") && i == 0) {
                    tables.putIfAbsent(node.input(0), module + ".weight");
                } else if (!role.isEmpty()) {
                    read.putIfAbsent(node.input(i), module + "." + role);
                }
            }
        }
        for (LinearLayer layer : layers) {
            if (!layer.transposed() && !ParameterNames.isKept(layer.weight())) {
                folded.add(layer.weight());
            }
        }
    }

    /** The name in PyTorch, or "". */
    String of(String weight) {
        // A tied table may be named after the head.
        if (tables.containsKey(weight)) {
            return tables.get(weight);
        }
        return ParameterNames.isKept(weight) ? weight : read.getOrDefault(weight, "");
    }

    /** Whether the graph keeps the transpose of the parameter of that name. */
    boolean isTransposed(String weight) {
        return folded.contains(weight);
    }
}
