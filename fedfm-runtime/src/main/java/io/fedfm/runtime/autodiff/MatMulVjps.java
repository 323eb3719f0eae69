package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import java.util.Map;
import java.util.stream.LongStream;

/** Matrix products. */
final class MatMulVjps {
    private MatMulVjps() {}

    static Map<String, Vjp> all() {
        return Map.of("MatMul", MatMulVjps::matMul, "Gemm", MatMulVjps::gemm);
    }

    private static void matMul(Node node, Cotangents c) {
        ForwardValues forward = c.forward();
        int ranksOfA = forward.rank(node.input(0));
        int ranksOfB = forward.rank(node.input(1));
        if (ranksOfA == 1 || ranksOfB == 1) {
            vector(node, c);
        } else if (ranksOfB == 2) {
            linear(node, c);
        } else {
            batched(node, c);
        }
    }

    /** y = x W with a matrix W: Gemm reads W and x transposed in place, so no copy of W is made. */
    private static void linear(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String x = node.input(0);
        String w = node.input(1);
        boolean flat = c.forward().rank(x) == 2;
        String dy = flatten(c, c.of(node.output()), node.output());
        if (c.needs(x)) {
            String dx = g.op("Gemm", Attributes.of("transB", 1), dy, w);
            c.contribute(x, flat ? dx : TargetShape.reshape(c, dx, x));
        }
        if (c.needs(w)) {
            c.contribute(w, g.op("Gemm", Attributes.of("transA", 1), flatten(c, x, x), dy));
        }
    }

    /** The value with all axes but the last made one. */
    private static String flatten(Cotangents c, String value, String like) {
        long[] dimensions = c.forward().dimensions(like);
        return dimensions.length == 2
                ? value
                : c.builder().reshape(value, -1, dimensions[dimensions.length - 1]);
    }

    private static void batched(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String a = node.input(0);
        String b = node.input(1);
        String dy = c.of(node.output());
        if (c.needs(a)) {
            reduceBatch(c, a, g.op("MatMul", dy, swapped(c, b)), node.output());
        }
        if (c.needs(b)) {
            reduceBatch(c, b, g.op("MatMul", swapped(c, a), dy), node.output());
        }
    }

    private static String swapped(Cotangents c, String value) {
        int rank = c.forward().rank(value);
        long[] permutation = LongStream.range(0, rank).toArray();
        permutation[rank - 1] = rank - 2;
        permutation[rank - 2] = rank - 1;
        return c.builder().transpose(value, permutation);
    }

    /** Sums over the leading axes along which the operand was repeated. */
    private static void reduceBatch(Cotangents c, String operand, String cotangent, String result) {
        long[] from = c.forward().dimensions(result);
        long[] to = c.forward().dimensions(operand);
        int missing = from.length - to.length;
        long[] axes =
                LongStream.range(0, from.length - 2)
                        .filter(
                                i ->
                                        i < missing
                                                || to[(int) i - missing] == 1 && from[(int) i] != 1)
                        .toArray();
        String reduced =
                axes.length == 0 ? cotangent : c.builder().reduceSum(cotangent, true, axes);
        if (missing > 0) {
            String leading = c.builder().integers(LongStream.range(0, missing).toArray());
            reduced = c.builder().op("Squeeze", reduced, leading);
        }
        c.contribute(operand, reduced);
    }

    /** A vector operand: a product and a sum over the axis that MatMul contracts. */
    private static void vector(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String a = node.input(0);
        String b = node.input(1);
        int rankOfA = c.forward().rank(a);
        int rankOfB = c.forward().rank(b);
        String dy = c.of(node.output());
        if (rankOfA == 1 && rankOfB == 1) {
            contribute(c, a, () -> g.op("Mul", dy, b));
            contribute(c, b, () -> g.op("Mul", dy, a));
        } else if (rankOfB == 1) {
            String column = g.op("Unsqueeze", dy, g.integers(-1));
            contribute(c, a, () -> g.op("Mul", column, b));
            contribute(
                    c,
                    b,
                    () ->
                            g.reduceSum(
                                    g.op("Mul", column, a),
                                    false,
                                    LongStream.range(0, rankOfA - 1).toArray()));
        } else {
            String row = g.op("Unsqueeze", dy, g.integers(-2));
            contribute(
                    c,
                    a,
                    () -> {
                        String perBatch = g.reduceSum(g.op("Mul", row, b), false, -1);
                        return rankOfB == 2
                                ? perBatch
                                : g.reduceSum(
                                        perBatch,
                                        false,
                                        LongStream.range(0, rankOfB - 2).toArray());
                    });
            contribute(c, b, () -> g.op("Mul", g.op("Unsqueeze", a, g.integers(-1)), row));
        }
    }

    private static void contribute(
            Cotangents c, String value, java.util.function.Supplier<String> cotangent) {
        if (c.needs(value)) {
            c.contribute(value, cotangent.get());
        }
    }

    /** y = alpha A' B' + beta C, where A' and B' may be transposed. */
    private static void gemm(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        long transA = node.attributes().integer("transA", 0);
        long transB = node.attributes().integer("transB", 0);
        float alpha = node.attributes().number("alpha", 1);
        String a = node.input(0);
        String b = node.input(1);
        String bias = node.input(2);
        String dy = c.of(node.output());
        contribute(
                c,
                a,
                () ->
                        transA == 0
                                ? g.op("Gemm", gemm(alpha, 0, 1 - transB), dy, b)
                                : g.op("Gemm", gemm(alpha, transB, 1), b, dy));
        contribute(
                c,
                b,
                () ->
                        transB == 0
                                ? g.op("Gemm", gemm(alpha, 1 - transA, 0), a, dy)
                                : g.op("Gemm", gemm(alpha, 1, transA), dy, a));
        if (c.needs(bias)) {
            String reduced = Broadcast.reduce(c, dy, node.output(), bias);
            float beta = node.attributes().number("beta", 1);
            c.contribute(bias, beta == 1 ? reduced : g.op("Mul", reduced, g.scalar(beta)));
        }
    }

    private static Attributes gemm(float alpha, long transA, long transB) {
        return Attributes.of("alpha", alpha).with("transA", transA).with("transB", transB);
    }
}
