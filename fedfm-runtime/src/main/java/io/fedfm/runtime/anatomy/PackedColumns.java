package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows the columns of a packed projection to where they part: by Split, Slice or Gather along
 * the last axis, or along an axis of its own after a reshape to [.., 3, heads, size].
 */
final class PackedColumns {
    private final Walk walk;

    /** Values that hold a bound of a slice, where the graph computes it from a shape. */
    private final Map<String, Long> bounds = new HashMap<>();

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
                if (cuts(node)) {
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

    /** GatherND counts from the first axis, as Gather does by default. */
    private static boolean cuts(Node node) {
        return node.is("Split")
                || node.is("Slice")
                || node.is("Gather")
                || node.is("GatherND") && node.attributes().integer("batch_dims", 0) == 0;
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
        if (node.is("Unsqueeze") || node.is("Squeeze")) {
            long[] axes = walk.integers(node.input(1));
            return axes == null || axes.length != 1
                    ? null
                    : new Trunk(node.output(), moved(node, trunk, axes[0]), trunk.inner());
        }
        boolean last = trunk.axis() == walk.rank(trunk.value()) - 1 && trunk.inner() == 1;
        return node.is("Reshape") && last ? reshaped(node.output(), columns) : null;
    }

    private int moved(Node node, Trunk trunk, long axis) {
        boolean adds = node.is("Unsqueeze");
        int changed = axis(axis, walk.rank(adds ? node.output() : trunk.value()));
        if (changed > trunk.axis()) {
            return trunk.axis();
        }
        return adds ? trunk.axis() + 1 : trunk.axis() - 1;
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

    /**
     * The size of a slice is known by its shape, so an end that is computed tells the next start.
     */
    private List<Part> slice(Node node, Trunk trunk, int rank) {
        long[] axes = walk.integers(node.input(3));
        long[] steps = node.input(4).isEmpty() ? new long[] {1} : walk.integers(node.input(4));
        if (axes == null || axes.length != 1 || steps == null || steps[0] != 1) {
            return List.of();
        }
        long[] starts = walk.integers(node.input(1));
        Long start = starts == null ? bounds.get(node.input(1)) : Long.valueOf(starts[0]);
        if (start == null || axis(axes[0], rank) != trunk.axis()) {
            return List.of();
        }
        long size = walk.dimensions(trunk.value())[trunk.axis()];
        long from = Math.max(0, start < 0 ? start + size : start);
        long to = from + walk.dimensions(node.output())[trunk.axis()];
        bounds.put(node.input(2), to);
        return List.of(new Part(node.output(), from * trunk.inner(), to * trunk.inner()));
    }

    private static int axis(long axis, int rank) {
        return (int) (axis < 0 ? axis + rank : axis);
    }
}
