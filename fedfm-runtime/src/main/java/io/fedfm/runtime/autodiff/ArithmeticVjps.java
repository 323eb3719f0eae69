package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import java.util.Map;

/** Element-wise arithmetic of two operands that broadcast. */
final class ArithmeticVjps {
    private ArithmeticVjps() {}

    static Map<String, Vjp> all() {
        return Map.of(
                "Add", ArithmeticVjps::add,
                "Sum", ArithmeticVjps::add,
                "Sub", ArithmeticVjps::subtract,
                "Mul", ArithmeticVjps::multiply,
                "Div", ArithmeticVjps::divide,
                "Pow", ArithmeticVjps::power,
                "Max", (node, c) -> extremum(node, c, "Greater"),
                "Min", (node, c) -> extremum(node, c, "Less"));
    }

    private static void add(Node node, Cotangents c) {
        String dy = c.of(node.output());
        for (String input : node.inputs()) {
            if (c.needs(input)) {
                c.contributeReduced(input, dy, node.output());
            }
        }
    }

    private static void subtract(Node node, Cotangents c) {
        String dy = c.of(node.output());
        if (c.needs(node.input(0))) {
            c.contributeReduced(node.input(0), dy, node.output());
        }
        if (c.needs(node.input(1))) {
            String reduced = Broadcast.reduce(c, dy, node.output(), node.input(1));
            c.contribute(node.input(1), c.builder().op("Neg", reduced));
        }
    }

    private static void multiply(Node node, Cotangents c) {
        String dy = c.of(node.output());
        for (int i = 0; i < 2; i++) {
            if (c.needs(node.input(i))) {
                String product = c.builder().op("Mul", dy, node.input(1 - i));
                c.contributeReduced(node.input(i), product, node.output());
            }
        }
    }

    /** d(a/b) = da / b - (a/b) db / b. */
    private static void divide(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String quotient = g.op("Div", c.of(node.output()), node.input(1));
        if (c.needs(node.input(0))) {
            c.contributeReduced(node.input(0), quotient, node.output());
        }
        if (c.needs(node.input(1))) {
            String product = g.op("Mul", quotient, node.output());
            String reduced = Broadcast.reduce(c, product, node.output(), node.input(1));
            c.contribute(node.input(1), g.op("Neg", reduced));
        }
    }

    /** d(x^p) = p x^(p-1) dx + x^p log(x) dp, where 0^p log(0) counts as 0 for p >= 0. */
    private static void power(Node node, Cotangents c) {
        String x = node.input(0);
        String p = node.input(1);
        String y = node.output();
        if (c.needs(x)) {
            Tensor exponent = c.forward().constant(p);
            String dx =
                    exponent != null && exponent.size() == 1
                            ? fixedPower(node, c, number(exponent))
                            : anyPower(node, c);
            c.contributeReduced(x, dx, y);
        }
        if (c.needs(p)) {
            GraphBuilder g = c.builder();
            String zero = g.scalar(0);
            String still = g.op("And", g.op("Equal", x, zero), g.op("GreaterOrEqual", p, zero));
            String slope = g.op("Where", still, zero, g.op("Mul", y, g.op("Log", x)));
            c.contributeReduced(p, g.op("Mul", c.of(y), slope), y);
        }
    }

    private static String fixedPower(Node node, Cotangents c, double exponent) {
        GraphBuilder g = c.builder();
        String dy = c.of(node.output());
        String x = node.input(0);
        if (exponent == 1) {
            return dy;
        }
        if (exponent == 2) {
            return g.op("Mul", g.op("Mul", dy, g.scalar(2)), x);
        }
        if (exponent == 3) {
            return g.op("Mul", g.op("Mul", dy, g.scalar(3)), g.op("Mul", x, x));
        }
        if (exponent == 0) {
            return g.op("Mul", dy, g.scalar(0));
        }
        String slope = g.op("Pow", x, g.scalar(exponent - 1));
        return g.op("Mul", g.op("Mul", dy, g.scalar(exponent)), slope);
    }

    private static String anyPower(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String p = node.input(1);
        if (c.forward().type(p) != ElementType.FLOAT) {
            p = g.cast(p, ElementType.FLOAT);
        }
        String slope = g.op("Mul", p, g.op("Pow", node.input(0), g.op("Sub", p, g.scalar(1))));
        String flat = g.op("Equal", p, g.scalar(0));
        return g.op("Mul", c.of(node.output()), g.op("Where", flat, g.scalar(0), slope));
    }

    private static double number(Tensor constant) {
        return constant.type() == ElementType.FLOAT
                ? constant.toFloats()[0]
                : constant.toLongs()[0];
    }

    /** The cotangent goes to the operand that was taken; where both are equal, half to each. */
    private static void extremum(Node node, Cotangents c, String wins) {
        String y = node.output();
        if (node.inputs().size() == 1) {
            c.contribute(node.input(0), c.of(y));
            return;
        }
        if (node.inputs().size() > 2) {
            throw new NoDerivative("it has more than two inputs");
        }
        GraphBuilder g = c.builder();
        String equal = g.op("Equal", node.input(0), node.input(1));
        String half = g.op("Mul", c.of(y), g.scalar(0.5));
        for (int i = 0; i < 2; i++) {
            if (c.needs(node.input(i))) {
                String won = g.op(wins, node.input(i), node.input(1 - i));
                String tie = g.op("Where", equal, half, g.scalar(0));
                c.contributeReduced(node.input(i), g.op("Where", won, c.of(y), tie), y);
            }
        }
    }
}
