package io.fedfm.runtime.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gives every node a name that no other has; names that are there stay. */
final class NodeNames {
    private NodeNames() {}

    static void makeUnique(Graph graph) {
        Set<String> taken = new HashSet<>();
        graph.nodes().forEach(node -> taken.add(node.name()));
        Set<String> seen = new HashSet<>();
        List<Node> named = new ArrayList<>();
        for (Node node : graph.nodes()) {
            String name = node.name();
            if (name.isEmpty() || seen.contains(name)) {
                String stem = name.isEmpty() ? node.op() : name;
                int number = 0;
                do {
                    name = stem + "_" + number++;
                } while (taken.contains(name) || seen.contains(name));
            }
            seen.add(name);
            named.add(
                    new Node(
                            node.domain(),
                            node.op(),
                            name,
                            node.inputs(),
                            node.outputs(),
                            node.attributes(),
                            node.modulePath()));
        }
        graph.setNodes(named);
    }
}
