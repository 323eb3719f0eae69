package io.fedfm.runtime.program;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.weave.Trainable;
import java.util.List;

/**
 * How many parameters a model has, and how many of them are trained.
 *
 * @param total frozen and trained
 * @param trainable trained
 */
public record ParameterCount(long total, long trainable) {
    /**
     * Counts the float constants of a backbone that are more than a scalar of a formula, and what
     * is added to it.
     */
    public static ParameterCount of(Graph backbone, List<Trainable> trainables) {
        long added =
                trainables.stream()
                        .filter(t -> t.value() == null)
                        .mapToLong(ParameterCount::size)
                        .sum();
        return new ParameterCount(
                frozen(backbone) + added,
                trainables.stream().mapToLong(ParameterCount::size).sum());
    }

    /** The parameters of a backbone alone. */
    public static long frozen(Graph backbone) {
        return backbone.initializers().values().stream()
                .filter(
                        t ->
                                t.size() > 1
                                        && (t.type() == ElementType.FLOAT
                                                || t.type() == ElementType.FLOAT16))
                .mapToLong(io.fedfm.runtime.graph.Tensor::size)
                .sum();
    }

    private static long size(Trainable trainable) {
        return java.util.Arrays.stream(trainable.shape()).reduce(1, Math::multiplyExact);
    }
}
