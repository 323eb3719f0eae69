package io.fedfm.runtime.program;

import io.fedfm.runtime.autodiff.Autodiff;
import io.fedfm.runtime.autodiff.Recomputation;
import io.fedfm.runtime.autodiff.StopGradients;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.weave.PseudoOps;
import io.fedfm.runtime.weave.Trainable;
import io.fedfm.runtime.weave.WovenGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Appends the gradients of all parameters to a woven graph, and makes them and the objective its
 * outputs.
 */
final class Gradients {
    private Gradients() {}

    /**
     * Appends them.
     *
     * @param boundaries values between the parts of the graph whose activations are computed again
     *     in the backward pass; none to keep all activations
     * @return parameter name to the output that is its gradient; each an output of its own
     */
    static Map<String, String> append(WovenGraph woven, Shapes shapes, List<String> boundaries) {
        Graph graph = woven.graph();
        Set<String> forward = graph.producers().keySet();
        List<String> parameters = woven.trainables().stream().map(Trainable::name).toList();
        List<String> wanted = new ArrayList<>(parameters);
        // Where the first segment starts, no gradient may be possible or needed.
        wanted.addAll(boundaries.subList(Math.min(1, boundaries.size()), boundaries.size()));
        String one =
                new GraphBuilder(graph, "grad").initializer("one", Tensor.floats(new float[] {1}));
        Map<String, String> seeds = Map.of(woven.terms().loss(), one);
        Map<String, String> gradients =
                Autodiff.append(graph, shapes, seeds, wanted, PseudoOps.vjps());
        Map<String, String> cotangents = new HashMap<>(gradients);
        gradients.keySet().retainAll(parameters);
        Map<String, String> outputs = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>(graph.initializers().keySet());
        taken.addAll(graph.inputs().keySet());
        GraphBuilder builder = new GraphBuilder(graph, "gradient");
        gradients.forEach(
                (parameter, value) ->
                        outputs.put(
                                parameter,
                                taken.add(value) ? value : builder.op("Identity", value)));
        graph.clearOutputs();
        graph.addOutput(woven.terms().loss());
        graph.addOutput(woven.terms().labels());
        graph.addOutput(woven.terms().correct());
        outputs.values().forEach(graph::addOutput);
        graph.prune();
        if (!boundaries.isEmpty()) {
            Recomputation.apply(graph, forward, boundaries, cotangents, outputs.values());
        }
        return outputs;
    }

    /** Makes the objective alone the graph's outputs. */
    static void forwardOnly(WovenGraph woven) {
        Graph graph = woven.graph();
        StopGradients.lower(graph);
        graph.clearOutputs();
        graph.addOutput(woven.terms().loss());
        graph.addOutput(woven.terms().labels());
        graph.addOutput(woven.terms().correct());
        graph.addOutput(woven.terms().logits());
        if (!woven.terms().predicted().isEmpty()) {
            graph.addOutput(woven.terms().predicted());
        }
        graph.prune();
    }
}
