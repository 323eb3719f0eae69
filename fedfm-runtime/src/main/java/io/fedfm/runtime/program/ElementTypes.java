package io.fedfm.runtime.program;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Shapes;
import java.util.Map;

/**
 * The element types of a graph's values: as observed, or else as the operator that makes them says.
 */
final class ElementTypes {
    private final Graph graph;
    private final Shapes shapes;
    private final Map<String, Node> producers;

    ElementTypes(Graph graph, Shapes shapes) {
        this.graph = graph;
        this.shapes = shapes;
        this.producers = graph.producers();
    }

    ElementType of(String value) {
        if (shapes.has(value)) {
            return shapes.type(value);
        }
        if (graph.initializers().containsKey(value)) {
            return graph.initializers().get(value).type();
        }
        if (graph.inputs().containsKey(value)) {
            return graph.inputs().get(value).type();
        }
        Node node = producers.get(value);
        return Stages.isModule(node) ? ElementType.FLOAT : made(node);
    }

    private ElementType made(Node node) {
        return switch (node.op()) {
            case "Shape", "Size", "ArgMax", "ArgMin", "NonZero" -> ElementType.INT64;
            case "Equal",
                    "Greater",
                    "GreaterOrEqual",
                    "Less",
                    "LessOrEqual",
                    "And",
                    "Or",
                    "Not",
                    "IsNaN",
                    "IsInf" ->
                    ElementType.BOOL;
            case "Cast" -> ElementType.of((int) node.attributes().integer("to", 0), node.name());
            case "ConstantOfShape" ->
                    node.attributes().has("value")
                            ? node.attributes().tensor("value").type()
                            : ElementType.FLOAT;
            case "Where" -> of(node.input(1));
            case "OneHot" -> of(node.input(2));
            default -> of(node.input(0));
        };
    }
}
