package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import java.util.Map;
import java.util.Optional;

/** Softmax and its logarithm. */
final class SoftmaxVjps {
    private SoftmaxVjps() {}

    static Map<String, Vjp> all() {
        return Map.of("Softmax", SoftmaxVjps::softmax, "LogSoftmax", SoftmaxVjps::logSoftmax);
    }

    /** dx = y (dy - sum(y dy)). */
    private static void softmax(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String dy = c.of(node.output());
        String y = guarded(node.output(), c);
        String sum = g.reduceSum(g.op("Mul", dy, y), true, axis(node));
        c.contribute(node.input(0), g.op("Mul", y, g.op("Sub", dy, sum)));
    }

    /** dx = dy - exp(y) sum(dy). */
    private static void logSoftmax(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String dy = c.of(node.output());
        String sum = g.reduceSum(dy, true, axis(node));
        String share = g.op("Mul", g.op("Exp", node.output()), sum);
        c.contribute(node.input(0), g.op("Sub", dy, share));
    }

    private static long axis(Node node) {
        return node.attributes().integer("axis", -1);
    }

    /** The guarded softmax of a value along an axis, if the graph computes it. */
    static Optional<String> guarded(String x, long axis, Cotangents c) {
        int rank = c.forward().rank(x);
        return c.forward().consumers(x).stream()
                .filter(node -> node.is("Softmax") && (axis(node) + rank) % rank == axis)
                .findFirst()
                .map(node -> guarded(node.output(), c));
    }

    /**
     * The probabilities with zeros for rows that are masked whole, where the graph makes them.
     *
     * <p>Exporters write scaled dot product attention as {@code Where(IsNaN(p), 0, p)}; PyTorch's
     * own kernel has zeros there and a gradient of zero, which {@code p} itself would make NaN.
     */
    private static String guarded(String p, Cotangents c) {
        for (Node user : c.forward().consumers(p)) {
            if (user.is("Where") && user.input(2).equals(p)) {
                Node test = c.forward().producer(user.input(0));
                Tensor zero = c.forward().constant(user.input(1));
                boolean guards = test != null && test.is("IsNaN") && test.input(0).equals(p);
                if (guards && zero != null && zero.size() == 1 && zero.toFloats()[0] == 0) {
                    return user.output();
                }
            }
        }
        return p;
    }
}
