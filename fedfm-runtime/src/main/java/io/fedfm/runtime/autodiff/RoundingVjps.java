package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Rounding;
import java.util.Map;

/**
 * Straight through the rounding of activations: as if nothing were rounded, and zero where a
 * constant scale does not reach. There a quantiser may have hidden a Relu.
 */
final class RoundingVjps {
    private RoundingVjps() {}

    static Map<String, Vjp> all() {
        return Map.of(Rounding.KEY, RoundingVjps::rounding);
    }

    private static void rounding(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String x = node.input(0);
        String dy = c.of(node.output());
        if (!Rounding.isStatic(node)) {
            c.contribute(x, dy);
            return;
        }
        float[] reach =
                Rounding.reach(
                        c.forward().constant(node.input(1)), c.forward().constant(node.input(2)));
        String within =
                g.op(
                        "And",
                        g.op("GreaterOrEqual", x, g.scalar(reach[0])),
                        g.op("LessOrEqual", x, g.scalar(reach[1])));
        c.contribute(x, g.op("Where", within, dy, g.scalar(0)));
    }
}
