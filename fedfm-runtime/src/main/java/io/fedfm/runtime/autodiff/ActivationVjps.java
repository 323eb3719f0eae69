package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import java.util.HashMap;
import java.util.Map;

/** Activation functions; what the forward pass computed is used again where it helps. */
final class ActivationVjps {
    private static final double CUBE = 0.044715;

    private ActivationVjps() {}

    static Map<String, Vjp> all() {
        Map<String, Vjp> all = new HashMap<>();
        all.put("Tanh", UnaryVjps.vjp(ActivationVjps::tanh));
        all.put("Sigmoid", UnaryVjps.vjp(ActivationVjps::sigmoid));
        all.put("Relu", UnaryVjps.vjp(ActivationVjps::relu));
        all.put("Softplus", UnaryVjps.vjp((g, dy, x, y) -> g.op("Mul", dy, g.op("Sigmoid", x))));
        all.put("HardSwish", UnaryVjps.vjp(ActivationVjps::hardSwish));
        all.put("LeakyRelu", ActivationVjps::leakyRelu);
        all.put("Elu", ActivationVjps::elu);
        all.put("HardSigmoid", ActivationVjps::hardSigmoid);
        all.put("Gelu", ActivationVjps::gelu);
        all.put("Clip", ActivationVjps::clip);
        return all;
    }

    private static String tanh(GraphBuilder g, String dy, String x, String y) {
        return g.op("Mul", dy, g.op("Sub", g.scalar(1), g.op("Mul", y, y)));
    }

    private static String sigmoid(GraphBuilder g, String dy, String x, String y) {
        return g.op("Mul", dy, g.op("Mul", y, g.op("Sub", g.scalar(1), y)));
    }

    private static String relu(GraphBuilder g, String dy, String x, String y) {
        return g.op("Where", g.op("Greater", y, g.scalar(0)), dy, g.scalar(0));
    }

    /** x * clip(x / 6 + 1 / 2, 0, 1). */
    private static String hardSwish(GraphBuilder g, String dy, String x, String y) {
        String between = g.op("Add", g.op("Div", x, g.scalar(3)), g.scalar(0.5));
        String below = g.op("LessOrEqual", x, g.scalar(-3));
        String above = g.op("GreaterOrEqual", x, g.scalar(3));
        String capped = g.op("Where", above, dy, g.op("Mul", dy, between));
        return g.op("Where", below, g.scalar(0), capped);
    }

    private static void leakyRelu(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String dy = c.of(node.output());
        String slope = g.scalar(node.attributes().number("alpha", 0.01f));
        String positive = g.op("Greater", node.input(0), g.scalar(0));
        c.contribute(node.input(0), g.op("Where", positive, dy, g.op("Mul", dy, slope)));
    }

    /** For x <= 0, d(alpha (exp(x) - 1)) = (y + alpha) dx. */
    private static void elu(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String dy = c.of(node.output());
        String alpha = g.scalar(node.attributes().number("alpha", 1));
        String positive = g.op("Greater", node.input(0), g.scalar(0));
        String negative = g.op("Mul", dy, g.op("Add", node.output(), alpha));
        c.contribute(node.input(0), g.op("Where", positive, dy, negative));
    }

    private static void hardSigmoid(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String y = node.output();
        String inside = g.op("And", g.op("Greater", y, g.scalar(0)), g.op("Less", y, g.scalar(1)));
        String slope = g.scalar(node.attributes().number("alpha", 0.2f));
        c.contribute(
                node.input(0), g.op("Where", inside, g.op("Mul", c.of(y), slope), g.scalar(0)));
    }

    private static void gelu(Node node, Cotangents c) {
        boolean tanh = node.attributes().text("approximate", "none").equals("tanh");
        String dy = c.of(node.output());
        String x = node.input(0);
        GraphBuilder g = c.builder();
        String slope = tanh ? tanhGelu(g, x) : exactGelu(g, x);
        c.contribute(x, g.op("Mul", dy, slope));
    }

    /** Phi(x) + x phi(x) = 1/2 + 1/2 erf(x / sqrt 2) + x exp(-x^2 / 2 - log sqrt(2 pi)). */
    private static String exactGelu(GraphBuilder g, String x) {
        String s = g.op("Mul", x, g.scalar(Math.sqrt(0.5)));
        String half = g.op("Mul", g.op("Erf", s), g.scalar(0.5));
        double log = -0.5 * Math.log(2 * Math.PI);
        String bell = g.op("Exp", g.op("Sub", g.scalar(log), g.op("Mul", s, s)));
        return g.op("Add", g.op("Add", half, g.op("Mul", x, bell)), g.scalar(0.5));
    }

    /** Of x/2 (1 + t), t = tanh(k (x + c x^3)): (1 + t)/2 (1 + x (1 - t) k (1 + 3 c x^2)). */
    private static String tanhGelu(GraphBuilder g, String x) {
        double k = Math.sqrt(2 / Math.PI);
        String square = g.op("Mul", x, x);
        String inner =
                g.op("Mul", x, g.op("Add", g.op("Mul", square, g.scalar(k * CUBE)), g.scalar(k)));
        String t = g.op("Tanh", inner);
        String upper = g.op("Add", g.op("Mul", t, g.scalar(0.5)), g.scalar(0.5));
        String steep = g.op("Add", g.op("Mul", square, g.scalar(3 * k * CUBE)), g.scalar(k));
        String rise = g.op("Mul", g.op("Mul", x, steep), g.op("Sub", g.scalar(1), t));
        return g.op("Mul", upper, g.op("Add", rise, g.scalar(1)));
    }

    private static void clip(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String x = node.input(0);
        if (c.needs(node.input(1)) || c.needs(node.input(2))) {
            throw new NoDerivative("its bounds depend on what is trained");
        }
        String dx = c.of(node.output());
        if (!node.input(1).isEmpty()) {
            dx = g.op("Where", g.op("GreaterOrEqual", x, node.input(1)), dx, g.scalar(0));
        }
        if (!node.input(2).isEmpty()) {
            dx = g.op("Where", g.op("LessOrEqual", x, node.input(2)), dx, g.scalar(0));
        }
        c.contribute(x, dx);
    }
}
