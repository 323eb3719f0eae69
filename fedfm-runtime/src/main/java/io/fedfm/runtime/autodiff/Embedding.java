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
            return pad(g, part, g.integers(before, size - before - length), g.integers(axis));
        }
        String dimension = TargetShape.dimension(g, whole, axis);
        String before = start < 0 ? g.op("Add", dimension, g.integers(start)) : g.integers(start);
        String after =
                start < 0
                        ? g.integers(-start - length)
                        : g.op("Sub", dimension, g.integers(start + length));
        return pad(
                g, part, g.op("Concat", Attributes.of("axis", 0), before, after), g.integers(axis));
    }

    /** Pads with zeros: {@code pads} holds all sizes before, then all after, the axes given. */
    static String pad(GraphBuilder g, String value, String pads, String axes) {
        return g.op("Pad", value, pads, "", axes);
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
