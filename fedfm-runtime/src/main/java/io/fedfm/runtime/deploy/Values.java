package io.fedfm.runtime.deploy;

import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Renames values of a graph. */
final class Values {
    private Values() {}

    /** Gives a value a name; another value that has it gets a fresh one. */
    static void rename(Graph graph, String value, String name) {
        if (value.equals(name)) {
            return;
        }
        String other = graph.freshName(name);
        boolean taken = graph.producers().containsKey(name);
        UnaryOperator<String> names =
                v -> v.equals(value) ? name : v.equals(name) && taken ? other : v;
        graph.setNodes(graph.nodes().stream().map(node -> rename(node, names)).toList());
        List<String> outputs = graph.outputs().stream().map(names).toList();
        graph.clearOutputs();
        outputs.forEach(graph::addOutput);
    }

    /** Gives a constant another name, if there is one of this name, so that it is free. */
    static void moveAside(Graph graph, String constant) {
        Tensor value = graph.initializers().get(constant);
        if (value == null) {
            return;
        }
        String other = graph.freshName(constant);
        graph.addInitializer(other, value);
        graph.removeInitializer(constant);
        UnaryOperator<String> names = v -> v.equals(constant) ? other : v;
        graph.setNodes(graph.nodes().stream().map(node -> rename(node, names)).toList());
    }

    /**
     * Makes nodes that take a value and give what all its users see in its place.
     *
     * @param value made by a node
     * @param replacement appends nodes that read {@code first}; the last one's output gets the
     *     value's name
     * @return the new name of what the value was
     */
    static String insertAfter(Graph graph, String value, Insertion replacement) {
        String first = graph.freshName(value);
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.outputs().contains(value)) {
                nodes.add(withOutputs(node, v -> v.equals(value) ? first : v));
                List<Node> inserted = replacement.nodes(first);
                nodes.addAll(inserted.subList(0, inserted.size() - 1));
                nodes.add(withOutputs(inserted.get(inserted.size() - 1), v -> value));
            } else {
                nodes.add(node);
            }
        }
        graph.setNodes(nodes);
        return first;
    }

    /** Nodes that read a value. */
    @FunctionalInterface
    interface Insertion {
        List<Node> nodes(String value);
    }

    private static Node rename(Node node, UnaryOperator<String> names) {
        return withOutputs(node.withInputs(node.inputs().stream().map(names).toList()), names);
    }

    private static Node withOutputs(Node node, UnaryOperator<String> names) {
        return new Node(
                node.domain(),
                node.op(),
                node.name(),
                node.inputs(),
                node.outputs().stream().map(names).toList(),
                node.attributes(),
                node.modulePath());
    }
}
