package io.fedfm.runtime.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes {@link Rounding}s in the standard's operators, in the form that runtimes fuse. */
final class QuantisedWriter {
    private final Graph graph;
    private final Map<String, Node> weights;
    private final List<Node> nodes = new ArrayList<>();

    /** A rounded value to its integers, scale and zero point. */
    private final Map<String, List<String>> rounded = new HashMap<>();

    private QuantisedWriter(Graph graph) {
        this.graph = graph;
        this.weights = QuantisedWeights.of(graph);
    }

    /** The graph itself if it rounds nothing, else a copy with other nodes. */
    static Graph write(Graph graph) {
        boolean rounds =
                graph.nodes().stream().anyMatch(n -> Rounding.is(n) || Rounding.roundsInput(n));
        return rounds ? new QuantisedWriter(graph.copy()).run() : graph;
    }

    private Graph run() {
        for (Node node : graph.nodes()) {
            if (Rounding.is(node)) {
                round(node);
            } else if (Rounding.roundsInput(node)) {
                product(node);
            } else {
                nodes.add(node);
            }
        }
        graph.setNodes(nodes);
        return graph;
    }

    private void round(Node node) {
        List<String> integers;
        if (Rounding.isStatic(node)) {
            integers = new ArrayList<>(node.inputs());
            integers.set(0, add("QuantizeLinear", 1, node.inputs()).get(0));
        } else {
            integers = dynamic(node.input(0));
        }
        nodes.add(node.replacedBy("DequantizeLinear", integers, Attributes.none()));
    }

    private void product(Node node) {
        Node weight = weights.get(node.input(1));
        List<String> left = dynamic(node.input(0));
        if (weight == null) {
            String values = add("DequantizeLinear", 1, left).get(0);
            Node plain = Rounding.withoutMark(node);
            nodes.add(plain.withInputs(List.of(values, node.input(1))));
            return;
        }
        List<String> inputs = new ArrayList<>(List.of(left.get(0), weight.input(0), left.get(2)));
        if (!weight.input(2).isEmpty()) {
            inputs.add(weight.input(2));
        }
        String sum = add("MatMulInteger", 1, inputs).get(0);
        String cast = graph.freshName("rounding/Cast");
        nodes.add(
                Node.of(
                        "Cast",
                        cast,
                        List.of(sum),
                        List.of(cast),
                        Attributes.of("to", ElementType.FLOAT.onnx())));
        String scale = add("Mul", 1, List.of(left.get(1), weight.input(1))).get(0);
        nodes.add(node.replacedBy("Mul", List.of(cast, scale), Attributes.none()));
    }

    /** The integers, scale and zero point of a value, by its range. */
    private List<String> dynamic(String value) {
        return rounded.computeIfAbsent(value, v -> add("DynamicQuantizeLinear", 3, List.of(v)));
    }

    private List<String> add(String op, int outputs, List<String> inputs) {
        String[] names = new String[outputs];
        Arrays.setAll(names, i -> graph.freshName("rounding/" + op));
        nodes.add(Node.of(op, names[0], inputs, List.of(names), Attributes.none()));
        return List.of(names);
    }
}
