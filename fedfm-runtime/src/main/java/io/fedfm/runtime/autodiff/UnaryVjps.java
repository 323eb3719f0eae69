package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import java.util.HashMap;
import java.util.Map;

/** Functions of one value, element by element. */
final class UnaryVjps {
    private UnaryVjps() {}

    /** The cotangent of the argument from those of the result. */
    @FunctionalInterface
    interface Slope {
        String times(GraphBuilder g, String dy, String x, String y);
    }

    static Map<String, Vjp> all() {
        Map<String, Vjp> all = new HashMap<>();
        all.put("Identity", vjp((g, dy, x, y) -> dy));
        all.put("Dropout", vjp((g, dy, x, y) -> dy));
        all.put("Neg", vjp((g, dy, x, y) -> g.op("Neg", dy)));
        all.put("Sqrt", vjp((g, dy, x, y) -> g.op("Div", dy, g.op("Mul", y, g.scalar(2)))));
        all.put(
                "Reciprocal",
                vjp((g, dy, x, y) -> g.op("Neg", g.op("Mul", dy, g.op("Mul", y, y)))));
        all.put("Exp", vjp((g, dy, x, y) -> g.op("Mul", dy, y)));
        all.put("Log", vjp((g, dy, x, y) -> g.op("Div", dy, x)));
        all.put("Abs", vjp((g, dy, x, y) -> g.op("Mul", dy, g.op("Sign", x))));
        all.put("Cos", vjp((g, dy, x, y) -> g.op("Neg", g.op("Mul", dy, g.op("Sin", x)))));
        all.put("Sin", vjp((g, dy, x, y) -> g.op("Mul", dy, g.op("Cos", x))));
        all.put("Erf", vjp(UnaryVjps::erf));
        all.put("Cast", UnaryVjps::cast);
        return all;
    }

    static Vjp vjp(Slope slope) {
        return (node, c) ->
                c.contribute(
                        node.input(0),
                        slope.times(
                                c.builder(), c.of(node.output()), node.input(0), node.output()));
    }

    /** d erf(x) = 2 / sqrt(pi) exp(-x^2) dx. */
    private static String erf(GraphBuilder g, String dy, String x, String y) {
        String bell = g.op("Exp", g.op("Neg", g.op("Mul", x, x)));
        return g.op("Mul", g.op("Mul", bell, g.scalar(2 / Math.sqrt(Math.PI))), dy);
    }

    private static void cast(Node node, Cotangents c) {
        ElementType from = c.forward().type(node.input(0));
        ElementType to = c.forward().type(node.output());
        String dy = c.of(node.output());
        c.contribute(node.input(0), from == to ? dy : c.builder().cast(dy, from));
    }
}
