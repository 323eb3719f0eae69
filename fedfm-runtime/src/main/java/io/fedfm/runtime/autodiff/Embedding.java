package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Shapes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Puts a cotangent of a part into zeros of the shape of the whole. */
final class Embedding {
    private Embedding() {}

    /**
     * Zeros around a block.
     *
     * @param part the cotangent of the block
     * @param whole the forward value the block was taken from
     * @param axis where it was cut
     * @param start of the block; negative counts from the end
     * @param length of the block
     */
    static String block(
            Cotangents c, String part, String whole, int axis, long start, long length) {
        GraphBuilder g = c.builder();
        long size = c.forward().dimensions(whole)[axis];
        if (size != Shapes.VARIES) {
            long before = start < 0 ? start + size : start;
            return pad(c, part, whole, new long[] {before, size - before - length}, axis);
        }
        String dimension = TargetShape.dimension(g, whole, axis);
        String before = start < 0 ? g.op("Add", dimension, g.integers(start)) : g.integers(start);
        String after =
                start < 0
                        ? g.integers(-start - length)
                        : g.op("Sub", dimension, g.integers(start + length));
        String pads = g.op("Concat", Attributes.of("axis", 0), before, after);
        return pad(c, part, c.forward().rank(whole), pads, axis);
    }

    /** Pads with zeros: {@code pads} holds all sizes before, then all after, the axes given. */
    static String pad(Cotangents c, String value, String whole, long[] pads, long... axes) {
        int rank = c.forward().rank(whole);
        long[] all = new long[2 * rank];
        for (int i = 0; i < axes.length; i++) {
            all[(int) axes[i]] = pads[i];
            all[rank + (int) axes[i]] = pads[axes.length + i];
        }
        return c.builder().op("Pad", value, c.builder().integers(all));
    }

    /**
     * The same with computed sizes. All axes are written out: ONNX Runtime's optimiser moves
     * transposes past a Pad as if it had no input of axes.
     *
     * @param rank the number of axes of {@code value}
     */
    static String pad(Cotangents c, String value, int rank, String pads, long... axes) {
        GraphBuilder g = c.builder();
        long[] places = new long[2 * rank];
        for (int i = 0; i < axes.length; i++) {
            places[(int) axes[i]] = 1 + i;
            places[rank + (int) axes[i]] = 1 + axes.length + i;
        }
        String some = g.op("Concat", Attributes.of("axis", 0), g.integers(0), pads);
        return g.op("Pad", value, g.op("Gather", some, g.integers(places)));
    }

    /**
     * Adds slices to zeros at indices along an axis, as many times as an index occurs.
     *
     * @param part the cotangent: the indices' axes stand where the axis was
     * @param whole the forward value
     * @param axis that was indexed
     * @param indices integers
     * @param ranks the number of axes of {@code indices}
     */
    static String scatter(
            Cotangents c, String part, String whole, int axis, String indices, int ranks) {
        GraphBuilder g = c.builder();
        int rank = c.forward().rank(whole);
        String column = g.op("Unsqueeze", indices, g.integers(-1));
        Attributes add = Attributes.of("reduction", "add");
        if (axis == 0) {
            return g.op("ScatterND", add, TargetShape.zeros(c, whole), column, part);
        }
        List<Long> partOrder = new ArrayList<>();
        LongStream.range(axis, axis + ranks).forEach(partOrder::add);
        LongStream.range(0, axis).forEach(partOrder::add);
        LongStream.range(axis + ranks, rank - 1 + ranks).forEach(partOrder::add);
        List<Long> wholeOrder = new ArrayList<>(List.of((long) axis));
        LongStream.range(0, rank).filter(i -> i != axis).forEach(wholeOrder::add);
        long[] order = wholeOrder.stream().mapToLong(Long::longValue).toArray();
        long[] back = new long[rank];
        for (int i = 0; i < rank; i++) {
            back[(int) order[i]] = i;
        }
        String moved = g.transpose(part, partOrder.stream().mapToLong(Long::longValue).toArray());
        String shape = g.op("Gather", g.op("Shape", whole), g.integers(order));
        String zeros = g.op("ConstantOfShape", shape);
        return g.transpose(g.op("ScatterND", add, zeros, column, moved), back);
    }
}
