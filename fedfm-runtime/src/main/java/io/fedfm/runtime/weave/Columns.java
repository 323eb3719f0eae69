package io.fedfm.runtime.weave;

import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.QuantisedWeights;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A range of the columns of a packed projection, taken out and put back. */
final class Columns {
    private Columns() {}

    /** The number of columns of the whole projection. */
    static long of(Graph graph, Anatomy.Linear linear) {
        Tensor constant = graph.initializers().get(linear.weight());
        Tensor weight =
                constant != null
                        ? constant
                        : QuantisedWeights.integers(graph, linear.weight()).orElse(null);
        long[] shape =
                weight != null
                        ? weight.shape()
                        : graph.inputs().get(linear.weight()).dimensions().stream()
                                .mapToLong(Long::parseLong)
                                .toArray();
        return linear.transposed() ? shape[0] : shape[1];
    }

    /** Replaces the columns of a place by what a function makes of them. */
    static String replace(
            GraphBuilder b, Place place, String value, UnaryOperator<String> function) {
        long columns = place.linear() == null ? 0 : of(b.graph(), place.linear());
        if (!place.isPart(columns)) {
            return function.apply(value);
        }
        long from = place.linear().from();
        long to = place.linear().to();
        List<String> parts = new ArrayList<>();
        if (from > 0) {
            parts.add(b.slice(value, -1, 0, from));
        }
        parts.add(function.apply(b.slice(value, -1, from, to)));
        if (to < columns) {
            parts.add(b.slice(value, -1, to, columns));
        }
        return b.op(
                "Concat",
                io.fedfm.runtime.graph.Attributes.of("axis", -1),
                parts.toArray(String[]::new));
    }
}
