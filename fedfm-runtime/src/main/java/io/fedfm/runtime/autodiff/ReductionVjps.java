package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Shapes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;

/** Reductions over axes. */
final class ReductionVjps {
    private ReductionVjps() {}

    /** The cotangent of x; dy and y have x's rank, with 1 where it was reduced. */
    @FunctionalInterface
    private interface Rule {
        String times(GraphBuilder g, String dy, String x, String y);
    }

    static Map<String, Vjp> all() {
        Map<String, Vjp> all = new HashMap<>();
        all.put("ReduceSum", ReductionVjps::sum);
        all.put("ReduceMean", ReductionVjps::mean);
        all.put("ReduceMax", ReductionVjps::extremum);
        all.put("ReduceMin", ReductionVjps::extremum);
        all.put("ReduceLogSumExp", ReductionVjps::logSumExp);
        all.put(
                "ReduceSumSquare",
                vjp((g, dy, x, y) -> g.op("Mul", g.op("Mul", dy, g.scalar(2)), x)));
        all.put("ReduceL1", vjp((g, dy, x, y) -> g.op("Mul", dy, g.op("Sign", x))));
        all.put("ReduceL2", vjp(ReductionVjps::l2));
        return all;
    }

    private static Vjp vjp(Rule rule) {
        return (node, c) -> {
            requireAxes(node, c);
            String dy = kept(node, c, c.of(node.output()));
            String y = kept(node, c, node.output());
            c.contribute(node.input(0), rule.times(c.builder(), dy, node.input(0), y));
        };
    }

    private static void sum(Node node, Cotangents c) {
        c.contributeSpread(node.input(0), kept(node, c, c.of(node.output())));
    }

    private static void mean(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String dy = kept(node, c, c.of(node.output()));
        String x = node.input(0);
        long[] axes = axes(node, c);
        long count = 1;
        for (long axis : axes) {
            long dimension = c.forward().dimensions(x)[(int) axis];
            count = dimension == Shapes.VARIES || count < 0 ? -1 : count * dimension;
        }
        if (count > 0) {
            c.contributeSpread(x, g.op("Mul", dy, g.scalar(1.0 / count)));
            return;
        }
        String dimensions = g.op("Gather", g.op("Shape", x), g.integers(axes));
        String product = g.op("ReduceProd", Attributes.of("keepdims", 0), dimensions);
        c.contributeSpread(x, g.op("Div", dy, g.cast(product, ElementType.FLOAT)));
    }

    /** dx = exp(x - y) dy, which is the softmax times dy where the graph has the softmax anyway. */
    private static void logSumExp(Node node, Cotangents c) {
        requireAxes(node, c);
        GraphBuilder g = c.builder();
        String x = node.input(0);
        String dy = kept(node, c, c.of(node.output()));
        long[] axes = axes(node, c);
        String share =
                axes.length == 1
                        ? SoftmaxVjps.guarded(x, axes[0], c).orElseGet(() -> shares(node, c))
                        : shares(node, c);
        c.contribute(x, g.op("Mul", share, dy));
    }

    private static String shares(Node node, Cotangents c) {
        String kept = kept(node, c, node.output());
        return c.builder().op("Exp", c.builder().op("Sub", node.input(0), kept));
    }

    /** Elements that are equal to the extremum share its cotangent. */
    private static void extremum(Node node, Cotangents c) {
        requireAxes(node, c);
        GraphBuilder g = c.builder();
        String x = node.input(0);
        String dy = kept(node, c, c.of(node.output()));
        String taken = g.op("Equal", x, kept(node, c, node.output()));
        long[] axes = axes(node, c);
        String count = g.reduceSum(g.cast(taken, ElementType.FLOAT), true, axes);
        c.contribute(x, g.op("Where", taken, g.op("Div", dy, count), g.scalar(0)));
    }

    /** x / |x| dy, and 0 where the norm is 0. */
    private static String l2(GraphBuilder g, String dy, String x, String y) {
        String direction = g.op("Mul", x, g.op("Div", dy, y));
        return g.op("Where", g.op("Equal", y, g.scalar(0)), g.scalar(0), direction);
    }

    private static void requireAxes(Node node, Cotangents c) {
        if (axes(node, c).length == 0) {
            throw new NoDerivative("it reduces no axes");
        }
    }

    /** The axes reduced, counted from the first. */
    private static long[] axes(Node node, Cotangents c) {
        int rank = c.forward().rank(node.input(0));
        long[] given = c.forward().integers(node, 1);
        if (given == null || given.length == 0) {
            boolean none = node.attributes().integer("noop_with_empty_axes", 0) == 1;
            return none ? new long[0] : LongStream.range(0, rank).toArray();
        }
        return Arrays.stream(given).map(axis -> axis < 0 ? axis + rank : axis).sorted().toArray();
    }

    /** A value of the result's shape with the reduced axes put back as 1. */
    private static String kept(Node node, Cotangents c, String value) {
        long[] axes = axes(node, c);
        return node.attributes().integer("keepdims", 1) == 1 || axes.length == 0
                ? value
                : c.builder().op("Unsqueeze", value, c.builder().integers(axes));
    }
}
