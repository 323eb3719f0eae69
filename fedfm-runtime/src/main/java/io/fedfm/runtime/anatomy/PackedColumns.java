package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Follows the columns of a packed projection to where they part: by Split, Slice or Gather along
 * the last axis, or along an axis of its own after a reshape to [.., 3, heads, size].
 */
final class PackedColumns {
    private final Walk walk;

    PackedColumns(Walk walk) {
        this.walk = walk;
    }

    /**
     * A run of columns.
     *
     * @param value the value that holds them and nothing else
     * @param from the first column
     * @param to the column after the last
     */
    record Part(String value, long from, long to) {}

    /** A value that holds all columns: index {@code i} of its axis is {@code inner} of them. */
    private record Trunk(String value, int axis, long inner) {}

    /** The parts that the output of a layer falls into; empty if they are no runs of columns. */
    List<Part> of(LinearLayer layer) {
        List<Part> parts = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Deque<Trunk> open = new ArrayDeque<>();
        open.add(new Trunk(layer.output(), walk.rank(layer.output()) - 1, 1));
        while (!open.isEmpty()) {
            Trunk trunk = open.pop();
            if (!seen.add(trunk.value())) {
                continue;
            }
            for (Node node : walk.consumers(trunk.value())) {
                if (node.is("Split") || node.is("Slice") || node.is("Gather")) {
                    parts.addAll(cut(node, trunk));
                } else {
                    Trunk next = follow(node, trunk, layer.outputs());
                    if (next != null) {
                        open.add(next);
                    }
                }
            }
        }
        return parts;
    }

    private Trunk follow(Node node, Trunk trunk, long columns) {
        if (node.is("Cast")) {
            return new Trunk(node.output(), trunk.axis(), trunk.inner());
        }
        if (node.is("Transpose")) {
            long[] order = node.attributes().integers("perm");
            for (int i = 0; order != null && i < order.length; i++) {
                if (order[i] == trunk.axis()) {
                    return new Trunk(node.output(), i, trunk.inner());
                }
            }
            return null;
        }
        boolean last = trunk.axis() == walk.rank(trunk.value()) - 1 && trunk.inner() == 1;
        return node.is("Reshape") && last ? reshaped(node.output(), columns) : null;
    }

    private Trunk reshaped(String value, long columns) {
        long[] dimensions = walk.dimensions(value);
        long size = 1;
        for (int axis = dimensions.length - 1; axis >= 0 && dimensions[axis] > 0; axis--) {
            if (size * dimensions[axis] == columns) {
                return new Trunk(value, axis, size);
            }
            size *= dimensions[axis];
        }
        return null;
    }

    private List<Part> cut(Node node, Trunk trunk) {
        int rank = walk.rank(trunk.value());
        if (node.is("Slice")) {
            return slice(node, trunk, rank);
        }
        if (axis(node.attributes().integer("axis", 0), rank) != trunk.axis()) {
            return List.of();
        }
        List<Part> parts = new ArrayList<>();
        if (node.is("Split")) {
            long from = 0;
            for (String output : node.outputs()) {
                long to = from + walk.dimensions(output)[trunk.axis()];
                parts.add(new Part(output, from * trunk.inner(), to * trunk.inner()));
                from = to;
            }
            return parts;
        }
        long[] index = walk.integers(node.input(1));
        if (index != null && index.length == 1) {
            long size = walk.dimensions(trunk.value())[trunk.axis()];
            long i = index[0] < 0 ? index[0] + size : index[0];
            parts.add(new Part(node.output(), i * trunk.inner(), (i + 1) * trunk.inner()));
        }
        return parts;
    }

    private List<Part> slice(Node node, Trunk trunk, int rank) {
        long[] start = walk.integers(node.input(1));
        long[] end = walk.integers(node.input(2));
        long[] axes = walk.integers(node.input(3));
        long[] step = node.input(4).isEmpty() ? new long[] {1} : walk.integers(node.input(4));
        boolean known = start != null && end != null && axes != null && step != null;
        if (!known || axes.length != 1 || step[0] != 1 || axis(axes[0], rank) != trunk.axis()) {
            return List.of();
        }
        long size = walk.dimensions(trunk.value())[trunk.axis()];
        long from = Math.max(0, start[0] < 0 ? start[0] + size : start[0]);
        long to = Math.min(size, end[0] < 0 ? end[0] + size : end[0]);
        return List.of(new Part(node.output(), from * trunk.inner(), to * trunk.inner()));
    }

    private static int axis(long axis, int rank) {
        return (int) (axis < 0 ? axis + rank : axis);
    }
}
