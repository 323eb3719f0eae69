package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Normalizations in closed form. */
final class NormVjps {
    private NormVjps() {}

    static Map<String, Vjp> all() {
        return Map.of(
                "LayerNormalization", NormVjps::layerNorm,
                "RMSNormalization", NormVjps::rmsNorm,
                "BatchNormalization", NormVjps::batchNorm);
    }

    /** With n = (x - mean) / std and u = scale dy: dx = (u - mean(u) - n mean(u n)) / std. */
    private static void layerNorm(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String x = node.input(0);
        String dy = c.of(node.output());
        List<String> outputs = c.extend(node, 3);
        String inverse = outputs.get(2);
        long[] axes = normalized(node, c);
        boolean below = c.needs(x);
        String centred = null;
        if (below || c.needs(node.input(1))) {
            centred = g.op("Sub", x, outputs.get(1));
        }
        if (below) {
            String u = g.op("Mul", dy, node.input(1));
            String correlation = g.reduceMean(g.op("Mul", u, centred), true, axes);
            String slope = g.op("Mul", correlation, g.op("Mul", inverse, inverse));
            String level = g.op("Sub", u, g.reduceMean(u, true, axes));
            String straight = g.op("Sub", level, g.op("Mul", centred, slope));
            c.contribute(x, g.op("Mul", straight, inverse));
        }
        if (c.needs(node.input(1))) {
            String n = g.op("Mul", centred, inverse);
            c.contributeReduced(node.input(1), g.op("Mul", dy, n), node.output());
        }
        if (c.needs(node.input(2))) {
            c.contributeReduced(node.input(2), dy, node.output());
        }
    }

    /** With n = x / rms and u = scale dy: dx = (u - n mean(u n)) / rms. */
    private static void rmsNorm(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String x = node.input(0);
        String scale = node.input(1);
        String dy = c.of(node.output());
        long[] axes = normalized(node, c);
        String epsilon = g.scalar(node.attributes().number("epsilon", 1e-5f));
        String mean = g.reduceMean(g.op("Mul", x, x), true, axes);
        String inverse = g.op("Reciprocal", g.op("Sqrt", g.op("Add", mean, epsilon)));
        if (c.needs(x)) {
            String u = g.op("Mul", dy, scale);
            String correlation = g.reduceMean(g.op("Mul", u, x), true, axes);
            String slope = g.op("Mul", correlation, g.op("Mul", inverse, inverse));
            String straight = g.op("Sub", u, g.op("Mul", x, slope));
            c.contribute(x, g.op("Mul", straight, inverse));
        }
        if (c.needs(scale)) {
            String n = g.op("Mul", x, inverse);
            c.contributeReduced(scale, g.op("Mul", dy, n), node.output());
        }
    }

    private static long[] normalized(Node node, Cotangents c) {
        String x = node.input(0);
        int first = c.forward().axis(x, node.attributes().integer("axis", -1));
        return LongStream.range(first, c.forward().rank(x)).toArray();
    }

    /** Inference: statistics are constants, so the map is linear in each channel (axis 1). */
    private static void batchNorm(Node node, Cotangents c) {
        if (node.attributes().integer("training_mode", 0) == 1) {
            throw new NoDerivative("it computes statistics of the batch (training_mode)");
        }
        GraphBuilder g = c.builder();
        String x = node.input(0);
        String dy = c.of(node.output());
        int rank = c.forward().rank(x);
        long[] channel = LongStream.range(0, rank - 1).map(i -> i == 0 ? -1 : 1).toArray();
        long[] others = LongStream.range(0, rank).filter(i -> i != 1).toArray();
        String epsilon = g.scalar(node.attributes().number("epsilon", 1e-5f));
        String deviation = g.op("Sqrt", g.op("Add", node.input(4), epsilon));
        if (c.needs(x)) {
            String factor = g.op("Div", node.input(1), deviation);
            c.contribute(x, g.op("Mul", dy, g.reshape(factor, channel)));
        }
        if (c.needs(node.input(1))) {
            String centred = g.op("Sub", x, g.reshape(node.input(3), channel));
            String sum = g.reduceSum(g.op("Mul", dy, centred), false, others);
            c.contribute(node.input(1), g.op("Div", sum, deviation));
        }
        if (c.needs(node.input(2))) {
            c.contribute(node.input(2), g.reduceSum(dy, false, others));
        }
        if (c.needs(node.input(3)) || c.needs(node.input(4))) {
            throw new NoDerivative("its statistics depend on what is trained");
        }
    }
}
