package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDResource;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.fedfm.runtime.autodiff.StopGradients;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A loss around a point, one parameter at a time, in float64: central differences of it are exact
 * to many digits, and need nothing but the forward graph.
 *
 * <p>Values behind a mark of {@link StopGradients} stay what they are at the point, as they do for
 * a derivative.
 */
final class LossSurface implements AutoCloseable {
    private final GraphInterpreter interpreter = new GraphInterpreter();
    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final Graph graph;
    private final String loss;
    private final Map<String, NDArray> values;

    /**
     * Computes all values at the point.
     *
     * @param graph the forward graph
     * @param feeds its inputs
     * @param loss a value of one element
     * @param point the parameters and where they are
     */
    LossSurface(Graph graph, Map<String, Tensor> feeds, String loss, Map<String, Tensor> point) {
        this(graph, feeds, loss, point, Map.of());
    }

    /** The same, with values of the graph that are given and not computed. */
    LossSurface(
            Graph graph,
            Map<String, Tensor> feeds,
            String loss,
            Map<String, Tensor> point,
            Map<String, Tensor> held) {
        this.graph = graph;
        this.loss = loss;
        Map<String, NDArray> leaves = new LinkedHashMap<>();
        point.forEach((name, value) -> leaves.put(name, DjlArrays.toArray(manager, value)));
        held.forEach((name, value) -> leaves.put(name, DjlArrays.toArray(manager, value)));
        this.values = withoutGradients(() -> interpreter.run(graph, feeds, leaves, manager));
    }

    /**
     * The central difference {@code (f(p + h d) - f(p - h d)) / 2h}.
     *
     * @param parameter p, while all others stay
     * @param direction d, with an element for each of p
     * @param step h
     */
    double slope(String parameter, double[] direction, double step) {
        List<Node> nodes = FrozenNodes.dependents(graph, Set.of(parameter));
        double ahead = at(parameter, nodes, direction, step);
        double behind = at(parameter, nodes, direction, -step);
        return (ahead - behind) / (2 * step);
    }

    private double at(String parameter, List<Node> nodes, double[] direction, double step) {
        try (NDManager scope = manager.newSubManager()) {
            // Results belong to the manager of an operator's first input.
            Set<NDArray> shared = Collections.newSetFromMap(new IdentityHashMap<>());
            shared.addAll(values.values());
            scope.tempAttachAll(shared.toArray(NDResource[]::new));
            NDArray point = values.get(parameter);
            Shape shape = point.getShape();
            Map<String, NDArray> moved = new HashMap<>(values);
            moved.put(parameter, point.add(scope.create(direction, shape).mul(step)));
            withoutGradients(
                    () -> {
                        interpreter.run(nodes, moved, Set.of(), scope);
                        return moved;
                    });
            return DjlArrays.toNumber(moved.get(loss));
        }
    }

    private static Map<String, NDArray> withoutGradients(
            java.util.function.Supplier<Map<String, NDArray>> run) {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try {
            return run.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
