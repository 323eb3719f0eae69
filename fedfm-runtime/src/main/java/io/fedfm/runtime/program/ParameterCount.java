package io.fedfm.runtime.program;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.TiedWeights;
import io.fedfm.runtime.weave.WovenGraph;
import java.util.Map;
import java.util.Set;

/**
 * How many parameters a model has, and how many of them are trained.
 *
 * @param total frozen and trained
 * @param trainable trained
 */
public record ParameterCount(long total, long trainable) {
    /**
     * Counts the float constants that the loss depends on, but for scalars of formulas, and what is
     * trained; weights of heads that the task does not use do not count, and a head that is tied to
     * the word embeddings is one with them.
     */
    public static ParameterCount of(WovenGraph woven) {
        Graph used = woven.graph().copy();
        used.clearOutputs();
        used.addOutput(woven.terms().loss());
        used.prune();
        long trained = woven.layout().size();
        return new ParameterCount(frozen(used) + trained, trained);
    }

    /** The parameters of a backbone alone. */
    public static long frozen(Graph backbone) {
        Set<String> tied = TiedWeights.of(backbone).keySet();
        return backbone.initializers().entrySet().stream()
                .filter(entry -> !tied.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .filter(
                        t ->
                                t.size() > 1
                                        && (t.type() == ElementType.FLOAT
                                                || t.type() == ElementType.FLOAT16))
                .mapToLong(Tensor::size)
                .sum();
    }
}
