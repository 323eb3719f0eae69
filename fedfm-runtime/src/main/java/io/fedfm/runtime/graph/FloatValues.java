package io.fedfm.runtime.graph;

import java.util.HashSet;
import java.util.Set;

/** The values of a graph that are float32 for certain, told from the operators that make them. */
final class FloatValues {
    /** Operators whose first output is not of the type of their first input. */
    private static final Set<String> OTHERS =
            Set.of(
                    "And",
                    "ArgMax",
                    "ArgMin",
                    "CastLike",
                    "DynamicQuantizeLinear",
                    "Equal",
                    "Greater",
                    "GreaterOrEqual",
                    "IsInf",
                    "IsNaN",
                    "Less",
                    "LessOrEqual",
                    "NonZero",
                    "Not",
                    "OneHot",
                    "Or",
                    "QuantizeLinear",
                    "Shape",
                    "Size",
                    "Xor");

    private final Set<String> floats = new HashSet<>();

    /** Those of a graph without nodes yet. */
    FloatValues(Graph graph) {
        graph.inputs().values().stream()
                .filter(input -> input.type() == ElementType.FLOAT)
                .forEach(input -> floats.add(input.name()));
        graph.initializers()
                .forEach(
                        (name, tensor) -> {
                            if (tensor.type() == ElementType.FLOAT) {
                                floats.add(name);
                            }
                        });
    }

    boolean contains(String value) {
        return floats.contains(value);
    }

    /** Takes note of a node whose inputs were seen before. */
    void add(Node node) {
        if (isFloat(node)) {
            floats.add(node.output());
        }
    }

    private boolean isFloat(Node node) {
        return switch (node.op()) {
            case "Cast" -> node.attributes().integer("to", 0) == ElementType.FLOAT.onnx();
            case "ConstantOfShape" ->
                    !node.attributes().has("value")
                            || node.attributes().tensor("value").type() == ElementType.FLOAT;
            case "Where" -> floats.contains(node.input(1));
            default -> !OTHERS.contains(node.op()) && floats.contains(node.input(0));
        };
    }
}
