package io.fedfm.runtime.objective;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.ArrayList;
import java.util.List;

/** Brings the labels of a row's tokens [rows, length] to the positions that predict them. */
final class TokenLabels {
    private TokenLabels() {}

    /**
     * Labels for logits over virtual and real tokens; positions without a label ignore it.
     *
     * @param position that predicts the first label; -1 if none does
     * @param virtualTokens before the real ones
     * @return [rows, virtualTokens + length]
     */
    static String from(GraphBuilder b, int position, int virtualTokens) {
        List<String> parts = new ArrayList<>();
        if (position > 0) {
            parts.add(ignored(b, position));
        }
        parts.add(
                position < 0
                        ? b.slice(Objective.LABELS, 1, -position, Long.MAX_VALUE)
                        : Objective.LABELS);
        if (virtualTokens > position) {
            parts.add(ignored(b, virtualTokens - position));
        }
        return parts.size() == 1
                ? parts.get(0)
                : b.op("Concat", Attributes.of("axis", 1), parts.toArray(String[]::new));
    }

    private static String ignored(GraphBuilder b, long count) {
        String rows = b.slice(b.op("Shape", Objective.LABELS), 0, 0, 1);
        String shape = b.op("Concat", Attributes.of("axis", 0), rows, b.integers(count));
        return b.op("Expand", b.integer(CrossEntropy.IGNORED), shape);
    }
}
