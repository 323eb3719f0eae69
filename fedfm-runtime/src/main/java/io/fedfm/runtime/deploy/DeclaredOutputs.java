package io.fedfm.runtime.deploy;

import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.InputRole;
import io.fedfm.runtime.graph.ShapeProbe;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.ValueInfo;
import io.fedfm.runtime.graph.WeightFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a model declares of its outputs: as its file did, or as runs show it. */
final class DeclaredOutputs {
    private DeclaredOutputs() {}

    /**
     * A declaration of each output of a graph.
     *
     * @param known what the backbone's file declares, and is still true
     * @param weights of the backbone
     */
    static Map<String, ValueInfo> of(
            Graph graph, Map<String, ValueInfo> known, WeightFile weights) {
        Map<String, ValueInfo> declared = new HashMap<>();
        Shapes shapes = null;
        for (String output : graph.outputs()) {
            if (known.containsKey(output)) {
                declared.put(output, known.get(output));
            } else {
                shapes = shapes == null ? observe(graph, weights) : shapes;
                declared.put(output, info(output, shapes, graph));
            }
        }
        return declared;
    }

    private static Shapes observe(Graph graph, WeightFile weights) {
        return ShapeProbe.observe(graph, weights, (batch, length) -> Map.of());
    }

    private static ValueInfo info(String output, Shapes shapes, Graph graph) {
        long[] observed = shapes.dimensions(output);
        List<String> symbols = symbols(graph);
        List<String> dimensions = new ArrayList<>();
        for (int axis = 0; axis < observed.length; axis++) {
            String symbol = axis < symbols.size() ? symbols.get(axis) : "";
            dimensions.add(
                    observed[axis] == Shapes.VARIES ? symbol : Long.toString(observed[axis]));
        }
        return new ValueInfo(output, shapes.type(output), dimensions);
    }

    /** What the inputs call rows, and tokens where there are any. */
    private static List<String> symbols(Graph graph) {
        Map<String, InputRole> roles = InputRole.of(graph);
        for (Map.Entry<String, InputRole> role : roles.entrySet()) {
            List<String> dimensions = graph.inputs().get(role.getKey()).dimensions();
            if (role.getValue() == InputRole.TOKENS) {
                return dimensions.subList(0, 2);
            }
            if (role.getValue() == InputRole.PIXELS) {
                return dimensions.subList(0, 1);
            }
        }
        return List.of();
    }
}
