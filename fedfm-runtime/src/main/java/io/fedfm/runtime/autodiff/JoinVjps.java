package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Shapes;
import java.util.List;
import java.util.Map;

/** Concatenation and splitting: each is the other's transpose. */
final class JoinVjps {
    private JoinVjps() {}

    static Map<String, Vjp> all() {
        return Map.of("Concat", JoinVjps::concat, "Split", JoinVjps::split);
    }

    private static void split(Node node, Cotangents c) {
        String x = node.input(0);
        String[] parts =
                node.outputs().stream()
                        .map(y -> c.has(y) ? c.of(y) : TargetShape.zeros(c, y))
                        .toArray(String[]::new);
        Attributes axis = Attributes.of("axis", node.attributes().integer("axis", 0));
        c.contribute(x, c.builder().op("Concat", axis, parts));
    }

    private static void concat(Node node, Cotangents c) {
        List<String> parts = node.inputs();
        int axis = c.forward().axis(node.output(), node.attributes().integer("axis", 0));
        long needed = parts.stream().filter(c::needs).count();
        long[] sizes =
                parts.stream().mapToLong(part -> c.forward().dimensions(part)[axis]).toArray();
        if (needed == 1) {
            one(node, c, axis, sizes);
        } else {
            all(node, c, axis, sizes);
        }
    }

    /** Cuts out the one part that is needed, if its place is known. */
    private static void one(Node node, Cotangents c, int axis, long[] sizes) {
        long from = 0;
        int index = 0;
        while (!c.needs(node.input(index))) {
            from = sizes[index] == Shapes.VARIES || from < 0 ? -1 : from + sizes[index];
            index++;
        }
        boolean last = index == sizes.length - 1;
        if (from < 0 || sizes[index] == Shapes.VARIES && !last) {
            all(node, c, axis, sizes);
            return;
        }
        long to = last ? Long.MAX_VALUE : from + sizes[index];
        c.contribute(node.input(index), c.builder().slice(c.of(node.output()), axis, from, to));
    }

    private static void all(Node node, Cotangents c, int axis, long[] sizes) {
        GraphBuilder g = c.builder();
        boolean fixed = java.util.Arrays.stream(sizes).noneMatch(s -> s == Shapes.VARIES);
        String lengths =
                fixed
                        ? g.integers(sizes)
                        : g.op(
                                "Concat",
                                Attributes.of("axis", 0),
                                node.inputs().stream()
                                        .map(part -> TargetShape.dimension(g, part, axis))
                                        .toArray(String[]::new));
        List<String> cotangents =
                g.ops(
                        "Split",
                        sizes.length,
                        Attributes.of("axis", axis),
                        c.of(node.output()),
                        lengths);
        for (int i = 0; i < sizes.length; i++) {
            if (c.needs(node.input(i))) {
                c.contribute(node.input(i), cotangents.get(i));
            }
        }
    }
}
