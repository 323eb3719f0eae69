package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import java.util.Map;

/** Look-ups by index: the cotangent is added back at the index. */
final class GatherVjps {
    private static final Attributes ADD = Attributes.of("reduction", "add");

    private GatherVjps() {}

    static Map<String, Vjp> all() {
        return Map.of(
                "Gather", GatherVjps::gather,
                "GatherElements", GatherVjps::gatherElements,
                "GatherND", GatherVjps::gatherNd);
    }

    private static void gather(Node node, Cotangents c) {
        GraphBuilder g = c.builder();
        String x = node.input(0);
        String dy = c.of(node.output());
        int axis = c.forward().axis(x, node.attributes().integer("axis", 0));
        Tensor constant = c.forward().constant(node.input(1));
        int ranks = c.forward().rank(node.input(1));
        if (constant != null && ranks <= 1 && isRun(constant.toLongs())) {
            String part = ranks == 0 ? g.op("Unsqueeze", dy, g.integers(axis)) : dy;
            long[] indices = constant.toLongs();
            c.contribute(x, Embedding.block(c, part, x, axis, indices[0], indices.length));
        } else {
            c.contribute(x, Embedding.scatter(c, dy, x, axis, node.input(1), ranks));
        }
    }

    /** Whether the indices are i, i + 1, ... without crossing from the end to the start. */
    private static boolean isRun(long[] indices) {
        for (int i = 1; i < indices.length; i++) {
            if (indices[i] != indices[i - 1] + 1 || indices[i] == 0) {
                return false;
            }
        }
        return indices.length > 0;
    }

    private static void gatherElements(Node node, Cotangents c) {
        String x = node.input(0);
        Attributes attributes = ADD.with("axis", node.attributes().integer("axis", 0));
        String zeros = TargetShape.zeros(c, x);
        c.contribute(
                x,
                c.builder()
                        .op(
                                "ScatterElements",
                                attributes,
                                zeros,
                                node.input(1),
                                c.of(node.output())));
    }

    private static void gatherNd(Node node, Cotangents c) {
        if (node.attributes().integer("batch_dims", 0) != 0) {
            throw new NoDerivative("it has batch_dims");
        }
        String x = node.input(0);
        String zeros = TargetShape.zeros(c, x);
        c.contribute(
                x, c.builder().op("ScatterND", ADD, zeros, node.input(1), c.of(node.output())));
    }
}
