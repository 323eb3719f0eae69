package io.fedfm.runtime.foundation;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the nodes of one module, named as PyTorch's TorchScript exporter names them: {@code
 * /blocks.0/attention/q/MatMul}.
 */
final class ModuleNodes {
    private final Graph graph;
    private final String path;
    private final Map<String, Integer> counts = new HashMap<>();

    /** The module at a path like {@code blocks.0/attention/q}; "" is the whole model. */
    ModuleNodes(Graph graph, String path) {
        this.graph = graph;
        this.path = path;
    }

    /** A module inside this one. */
    ModuleNodes child(String name) {
        return new ModuleNodes(graph, path.isEmpty() ? name : path + "/" + name);
    }

    /** Appends a node and gives the name of its output. */
    String op(String op, Attributes attributes, String... inputs) {
        return named(freshName(op) + "_output_0", op, attributes, inputs);
    }

    /** Appends a node without attributes. */
    String op(String op, String... inputs) {
        return op(op, Attributes.none(), inputs);
    }

    /** Appends a node whose output has this name. */
    String named(String output, String op, Attributes attributes, String... inputs) {
        String name =
                output.endsWith("_output_0")
                        ? output.substring(0, output.length() - "_output_0".length())
                        : freshName(op);
        graph.addNode(
                new Node(
                        "",
                        op,
                        name,
                        List.of(inputs),
                        List.of(output),
                        attributes,
                        path.replace('/', '.')));
        return output;
    }

    /** Adds a constant of this module, "weight" or "bias". */
    String constant(String name, Tensor value) {
        String full = (path.isEmpty() ? "" : path.replace('/', '.') + ".") + name;
        graph.addInitializer(full, value);
        return full;
    }

    private String freshName(String op) {
        int count = counts.merge(op, 1, Integer::sum);
        return (path.isEmpty() ? "" : "/" + path)
                + "/"
                + op
                + (count == 1 ? "" : "_" + (count - 1));
    }
}
