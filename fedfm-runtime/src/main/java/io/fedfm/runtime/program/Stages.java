package io.fedfm.runtime.program;

import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.weave.PseudoOps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Cuts a graph with opaque modules into stages: frozen nodes that run in one ORT session alternate
 * with modules.
 *
 * <p>Frozen nodes have even stages and modules odd ones; a node stands in the earliest stage in
 * which all its inputs exist.
 */
final class Stages {
    /**
     * Nodes that run together.
     *
     * @param modules whether they are modules and their gradients, or frozen nodes
     * @param nodes in topological order
     */
    record Stage(boolean modules, List<Node> nodes) {}

    private Stages() {}

    static List<Stage> of(Graph graph) {
        Map<String, Integer> available = new HashMap<>();
        Map<Integer, List<Node>> stages = new TreeMap<>();
        for (Node node : graph.nodes()) {
            int latest =
                    node.inputs().stream()
                            .mapToInt(input -> available.getOrDefault(input, 0))
                            .max()
                            .orElse(0);
            boolean module = isModule(node);
            int stage =
                    module
                            ? (isOdd(latest) ? latest + 2 : latest + 1)
                            : (isOdd(latest) ? latest + 1 : latest);
            node.outputs().forEach(output -> available.put(output, stage));
            stages.computeIfAbsent(stage, k -> new ArrayList<>()).add(node);
        }
        List<Stage> result = new ArrayList<>();
        stages.forEach((number, nodes) -> result.add(new Stage(isOdd(number), List.copyOf(nodes))));
        return result;
    }

    static boolean isModule(Node node) {
        return PseudoOps.is(node, PseudoOps.MODULE) || PseudoOps.is(node, PseudoOps.MODULE_VJP);
    }

    private static boolean isOdd(int stage) {
        return stage % 2 == 1;
    }
}
