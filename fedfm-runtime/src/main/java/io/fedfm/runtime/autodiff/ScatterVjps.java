package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import java.util.Map;

/** Writes by index: what was overwritten gets nothing, what was written gets its place's. */
final class ScatterVjps {
    private ScatterVjps() {}

    static Map<String, Vjp> all() {
        return Map.of(
                "ScatterND",
                (node, c) -> scatter(node, c, "GatherND", Attributes.none()),
                "ScatterElements",
                (node, c) ->
                        scatter(
                                node,
                                c,
                                "GatherElements",
                                Attributes.of("axis", node.attributes().integer("axis", 0))));
    }

    private static void scatter(Node node, Cotangents c, String gather, Attributes attributes) {
        GraphBuilder g = c.builder();
        String reduction = node.attributes().text("reduction", "none");
        if (!reduction.equals("none") && !reduction.equals("add")) {
            throw new NoDerivative("its reduction is '" + reduction + "'");
        }
        String dy = c.of(node.output());
        String indices = node.input(1);
        if (c.needs(node.input(0))) {
            c.contribute(
                    node.input(0),
                    reduction.equals("add")
                            ? dy
                            : g.op(
                                    node.op(),
                                    attributes,
                                    dy,
                                    indices,
                                    TargetShape.zeros(c, node.input(2))));
        }
        if (c.needs(node.input(2))) {
            c.contribute(node.input(2), g.op(gather, attributes, dy, indices));
        }
    }
}
