package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import java.util.Map;

/** Choices element by element; never a product with a mask, which would turn inf into NaN. */
final class SelectionVjps {
    private SelectionVjps() {}

    static Map<String, Vjp> all() {
        return Map.of("Where", SelectionVjps::where);
    }

    private static void where(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String condition = node.input(0);
        String y = node.output();
        String dy = c.of(y);
        String zero = g.scalar(0);
        if (c.needs(node.input(1))) {
            c.contributeReduced(node.input(1), g.op("Where", condition, dy, zero), y);
        }
        if (c.needs(node.input(2))) {
            c.contributeReduced(node.input(2), g.op("Where", condition, zero, dy), y);
        }
    }
}
