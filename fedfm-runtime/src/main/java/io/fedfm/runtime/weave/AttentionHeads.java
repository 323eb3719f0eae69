package io.fedfm.runtime.weave;

import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import java.util.Arrays;

/** The tensors of an attention with an axis for the heads, however the graph lays them out. */
final class AttentionHeads {
    /**
     * The log-sum-exp of a row that is masked whole: far below any score, and far from where
     * float32 ends.
     */
    private static final double NOTHING = -1e30;

    private final GraphBuilder b;
    private final Anatomy.Attention attention;
    private final String queries;

    /**
     * Of one attention.
     *
     * @param queries the value of the queries, as modules before the attention have left it
     */
    AttentionHeads(GraphBuilder builder, Anatomy.Attention attention, String queries) {
        this.b = builder;
        this.attention = attention;
        this.queries = queries;
    }

    /** Queries [batch, heads, length, size], scaled so that their products with keys are scores. */
    String query() {
        String query =
                attention.ranks().query() == 4
                        ? queries
                        : split(queries, attention.site().inputs());
        return attention.scale() == 1 ? query : b.op("Mul", query, scales());
    }

    /**
     * The scale once for each column: where one scalar follows another before a product, ONNX
     * Runtime 1.29 merges them and drops a node that is still needed.
     */
    private String scales() {
        float[] scales = new float[(int) attention.site().inputs()];
        Arrays.fill(scales, (float) attention.scale());
        return b.initializer("scales", Tensor.floats(scales, scales.length));
    }

    /** [batch, heads, length, 1]; rows that are masked whole have {@link #NOTHING}. */
    String logSumExp() {
        String raw =
                b.op(
                        "ReduceLogSumExp",
                        Attributes.of("keepdims", 1),
                        attention.scores(),
                        b.integers(-1));
        String floored = b.op("Max", raw, b.scalar(NOTHING));
        if (attention.ranks().scores() == 4) {
            return floored;
        }
        String rows = length(attention.context(), attention.ranks().context());
        return b.op("Reshape", floored, shape(rows, 1));
    }

    /** A context as [batch, heads, length, size]. */
    String apart(String context) {
        return attention.ranks().context() == 4
                ? context
                : split(context, attention.site().outputs());
    }

    /** The context in the graph's own layout, which is that of {@code like}. */
    String together(String context, String like) {
        return attention.ranks().context() == 4
                ? context
                : b.op("Reshape", context, b.op("Shape", like));
    }

    private String split(String value, long size) {
        return b.op("Reshape", value, shape(length(value, 3), size));
    }

    private String length(String value, int rank) {
        return b.op("Shape", Attributes.of("start", rank - 2).with("end", rank - 1), value);
    }

    private String shape(String length, long size) {
        return b.op(
                "Concat",
                Attributes.of("axis", 0),
                b.integers(-1, attention.heads()),
                length,
                b.integers(size));
    }
}
