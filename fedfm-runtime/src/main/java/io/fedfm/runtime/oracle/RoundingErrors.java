package io.fedfm.runtime.oracle;

import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.Sessions;
import java.util.HashMap;
import java.util.Map;

/**
 * The rounding errors of activations that ONNX Runtime makes in a step.
 *
 * <p>An oracle in float64 would round other numbers, wherever one lies between two levels, and each
 * such step moves a gradient by a thousandth. With the same errors it has to agree to float32's
 * digits.
 */
final class RoundingErrors {
    private final Graph graph;
    private final Sessions sessions;
    private final Map<String, String> errors;

    /**
     * Of a step's graph.
     *
     * @param step forward and backward; not changed
     * @param sessions runs it
     */
    RoundingErrors(Graph step, Sessions sessions) {
        this.graph = step.copy();
        this.sessions = sessions;
        this.errors = StraightThrough.appendErrors(graph);
        errors.values().forEach(graph::addOutput);
    }

    /**
     * The values that {@link StraightThrough#spell} holds errors in; none if nothing is rounded.
     */
    Map<String, Tensor> at(Batch batch, Map<String, Tensor> point) {
        Map<String, Tensor> feeds = new HashMap<>(batch.feeds());
        feeds.putAll(point);
        feeds.put("dropout_seed", Tensor.longs(new long[] {1}));
        Map<String, Tensor> made = sessions.run(graph, feeds);
        Map<String, Tensor> held = new HashMap<>();
        errors.forEach((name, error) -> held.put(name, made.get(error)));
        return held;
    }
}
