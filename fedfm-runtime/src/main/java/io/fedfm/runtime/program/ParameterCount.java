package io.fedfm.runtime.program;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.QuantisedWeights;
import io.fedfm.runtime.graph.RotaryFrequencies;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.TiedWeights;
import io.fedfm.runtime.weave.WovenGraph;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How many parameters a model has, and how many of them are trained.
 *
 * @param total frozen and trained
 * @param trainable trained
 */
public record ParameterCount(long total, long trainable) {
    /**
     * Counts the weights that the loss depends on, but for scalars of formulas, and what is
     * trained; weights of heads that the task does not use do not count, and a head that is tied to
     * the word embeddings is one with them. Constants that a method brings, such as projections
     * that every party draws from a seed, are no parameters.
     *
     * @param woven the backbone with modules and an objective
     * @param backbone the same without
     */
    public static ParameterCount of(WovenGraph woven, Graph backbone) {
        Graph used = woven.graph().copy();
        used.clearOutputs();
        used.addOutput(woven.terms().loss());
        used.prune();
        List.copyOf(used.initializers().keySet()).stream()
                .filter(name -> !backbone.initializers().containsKey(name))
                .forEach(used::removeInitializer);
        long trained = woven.layout().size();
        return new ParameterCount(frozen(used) + trained, trained);
    }

    /** The parameters of a backbone alone. */
    public static long frozen(Graph backbone) {
        Set<String> others = scales(backbone);
        others.addAll(TiedWeights.of(backbone).keySet());
        others.addAll(RotaryFrequencies.of(backbone));
        return backbone.initializers().entrySet().stream()
                .filter(e -> !others.contains(e.getKey()) && isWeight(e.getValue()))
                .mapToLong(e -> e.getValue().size())
                .sum();
    }

    private static boolean isWeight(Tensor tensor) {
        return tensor.size() > 1
                && (tensor.type() == ElementType.FLOAT
                        || tensor.type() == ElementType.FLOAT16
                        || QuantisedWeights.isNarrow(tensor));
    }

    /** Scales and zero points of integers are no parameters. */
    private static Set<String> scales(Graph graph) {
        Set<String> scales = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.is("DequantizeLinear")) {
                scales.add(node.input(1));
                scales.add(node.input(2));
            }
        }
        return scales;
    }
}
