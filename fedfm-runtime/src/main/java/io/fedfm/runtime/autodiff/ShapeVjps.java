package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import java.util.Map;
import java.util.stream.LongStream;

/** Operators that move or repeat elements without computing. */
final class ShapeVjps {
    private ShapeVjps() {}

    static Map<String, Vjp> all() {
        return Map.of(
                "Reshape", ShapeVjps::reshape,
                "Flatten", ShapeVjps::reshape,
                "Squeeze", ShapeVjps::reshape,
                "Unsqueeze", ShapeVjps::reshape,
                "Transpose", ShapeVjps::transpose,
                "Expand", ShapeVjps::expand,
                "Tile", ShapeVjps::tile);
    }

    private static void reshape(Node node, Cotangents c) {
        String x = node.input(0);
        String dy = c.of(node.output());
        c.contribute(x, TargetShape.reshape(c, dy, node.output(), x));
    }

    private static void transpose(Node node, Cotangents c) {
        int rank = c.forward().rank(node.input(0));
        long[] permutation = node.attributes().integers("perm");
        long[] inverse = LongStream.range(0, rank).map(i -> rank - 1 - i).toArray();
        if (permutation != null) {
            for (int i = 0; i < rank; i++) {
                inverse[(int) permutation[i]] = i;
            }
        }
        c.contribute(node.input(0), c.builder().transpose(c.of(node.output()), inverse));
    }

    private static void expand(Node node, Cotangents c) {
        c.contributeReduced(node.input(0), c.of(node.output()), node.output());
    }

    /** Splits each axis into repetition and original, and sums over the repetitions. */
    private static void tile(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String x = node.input(0);
        int rank = c.forward().rank(x);
        String last = g.integers(1);
        String repeats = g.op("Unsqueeze", node.input(1), last);
        String dimensions = g.op("Unsqueeze", g.op("Shape", x), last);
        String pairs = g.op("Concat", Attributes.of("axis", 1), repeats, dimensions);
        String split = g.op("Reshape", c.of(node.output()), g.reshape(pairs, -1));
        long[] axes = LongStream.range(0, rank).map(i -> 2 * i).toArray();
        c.contribute(x, g.reduceSum(split, false, axes));
    }
}
