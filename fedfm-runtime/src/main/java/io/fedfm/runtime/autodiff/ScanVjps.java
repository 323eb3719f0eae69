package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Node;
import java.util.Map;

/** Cumulative sums and triangles. */
final class ScanVjps {
    private ScanVjps() {}

    static Map<String, Vjp> all() {
        return Map.of("CumSum", ScanVjps::cumulativeSum, "Trilu", ScanVjps::triangle);
    }

    private static void cumulativeSum(Node node, Cotangents c) {
        long reverse = node.attributes().integer("reverse", 0);
        Attributes attributes = node.attributes().with("reverse", 1 - reverse);
        String dy = c.of(node.output());
        c.contribute(node.input(0), c.builder().op("CumSum", attributes, dy, node.input(1)));
    }

    private static void triangle(Node node, Cotangents c) {
        String dy = c.of(node.output());
        String[] inputs =
                node.input(1).isEmpty() ? new String[] {dy} : new String[] {dy, node.input(1)};
        c.contribute(node.input(0), c.builder().op("Trilu", node.attributes(), inputs));
    }
}
