package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Shapes;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;

/** Slices: zeros go where nothing was taken. */
final class SliceVjps {
    private SliceVjps() {}

    static Map<String, Vjp> all() {
        return Map.of("Slice", SliceVjps::slice);
    }

    private static void slice(Node node, Cotangents c) {
        long[] steps = c.forward().integers(node, 4);
        if (steps == null || Arrays.stream(steps).allMatch(s -> s == 1)) {
            c.contribute(node.input(0), contiguous(node, c));
        } else if (steps.length > 1) {
            throw new NoDerivative("it takes steps along more than one axis");
        } else {
            c.contribute(node.input(0), strided(node, c, steps[0]));
        }
    }

    private static long[] axes(Node node, Cotangents c) {
        long[] axes = c.forward().integers(node, 3);
        int count = Math.toIntExact(c.forward().dimensions(node.input(1))[0]);
        return axes == null
                ? LongStream.range(0, count).toArray()
                : Arrays.stream(axes).map(a -> c.forward().axis(node.input(0), a)).toArray();
    }

    private static String contiguous(Node node, Cotangents c) {
        String x = node.input(0);
        String dy = c.of(node.output());
        long[] axes = axes(node, c);
        long[] pads = new long[2 * axes.length];
        if (c.forward().constant(node.input(1)) == null || !constantPads(node, c, axes, pads)) {
            return Embedding.pad(c, dy, c.forward().rank(x), computedPads(node, c, axes), axes);
        }
        return Embedding.pad(c, dy, x, pads, axes);
    }

    /** Fills the numbers of zeros before and after; false if a dimension varies. */
    private static boolean constantPads(Node node, Cotangents c, long[] axes, long[] pads) {
        long[] starts = c.forward().integers(node, 1);
        for (int i = 0; i < axes.length; i++) {
            long size = c.forward().dimensions(node.input(0))[(int) axes[i]];
            long length = c.forward().dimensions(node.output())[(int) axes[i]];
            if (size == Shapes.VARIES || length == Shapes.VARIES) {
                return false;
            }
            long start = starts[i] < 0 ? starts[i] + size : starts[i];
            pads[i] = Math.max(0, Math.min(start, size));
            pads[axes.length + i] = size - pads[i] - length;
        }
        return true;
    }

    private static String computedPads(Node node, Cotangents c, long[] axes) {
        GraphBuilder g = c.builder();
        String along = g.integers(axes);
        String size = g.op("Gather", g.op("Shape", node.input(0)), along);
        String length = g.op("Gather", g.op("Shape", c.of(node.output())), along);
        String starts = node.input(1);
        if (c.forward().type(starts) == ElementType.INT32) {
            starts = g.cast(starts, ElementType.INT64);
        }
        String zero = g.integers(0);
        String fromEnd = g.op("Less", starts, zero);
        String start = g.op("Where", fromEnd, g.op("Add", starts, size), starts);
        String before = g.op("Max", g.op("Min", start, size), zero);
        String after = g.op("Sub", g.op("Sub", size, length), before);
        return g.op("Concat", Attributes.of("axis", 0), before, after);
    }

    private static String strided(Node node, Cotangents c, long step) {
        GraphBuilder g = c.builder();
        String x = node.input(0);
        String dy = c.of(node.output());
        int axis = (int) axes(node, c)[0];
        long size = c.forward().dimensions(x)[axis];
        long length = c.forward().dimensions(node.output())[axis];
        if (c.forward().constant(node.input(1)) != null && step > 1 && size == step * length) {
            long given = c.forward().integers(node, 1)[0];
            long start = given < 0 ? given + size : given;
            String column = g.op("Unsqueeze", dy, g.integers(axis + 1));
            String pads = g.integers(start, step - 1 - start);
            int rank = c.forward().rank(x) + 1;
            String padded = Embedding.pad(c, column, rank, pads, axis + 1);
            return TargetShape.reshape(c, padded, x);
        }
        String dimension = g.op("Squeeze", TargetShape.dimension(g, x, axis));
        String all = g.op("Range", g.integer(0), dimension, g.integer(1));
        String taken =
                g.op("Slice", all, node.input(1), node.input(2), g.integers(0), node.input(4));
        return Embedding.scatter(c, dy, x, axis, taken, 1);
    }
}
