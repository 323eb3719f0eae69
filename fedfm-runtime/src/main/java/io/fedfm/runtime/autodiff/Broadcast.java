package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** The transpose of broadcasting: sums over the axes that were repeated. */
final class Broadcast {
    private Broadcast() {}

    /** Sums a cotangent of {@code result}'s shape to the shape of {@code operand}. */
    static String reduce(Cotangents c, String cotangent, String result, String operand) {
        long[] from = c.forward().dimensions(result);
        long[] to = c.forward().dimensions(operand);
        int missing = from.length - to.length;
        List<Long> axes = new ArrayList<>();
        LongStream.range(0, missing).forEach(axes::add);
        for (int i = missing; i < from.length; i++) {
            if (to[i - missing] == 1 && from[i] != 1) {
                axes.add((long) i);
            }
        }
        if (axes.isEmpty()) {
            return cotangent;
        }
        GraphBuilder g = c.builder();
        boolean onlyMissing = axes.size() == missing;
        String sum =
                g.reduceSum(
                        cotangent,
                        !onlyMissing,
                        axes.stream().mapToLong(Long::longValue).toArray());
        if (onlyMissing || missing == 0) {
            return sum;
        }
        return g.op(
                "Squeeze",
                Attributes.none(),
                sum,
                g.integers(LongStream.range(0, missing).toArray()));
    }
}
