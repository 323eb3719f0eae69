package io.fedfm.runtime.weave;

import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.objective.Terms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A backbone with modules and an objective in it.
 *
 * @param graph the graph; trainable parameters are inputs of it
 * @param trainables the parameters, in the order of the layout
 * @param terms names of the objective's values
 * @param modules modules left opaque; none if all are nodes
 * @param opaqueShapes value made by an opaque module to the value whose shape it has
 */
public record WovenGraph(
        Graph graph,
        List<Trainable> trainables,
        Terms terms,
        List<OpaqueModule> modules,
        Map<String, String> opaqueShapes) {
    /** Copies the collections. */
    public WovenGraph {
        trainables = List.copyOf(trainables);
        modules = List.copyOf(modules);
        opaqueShapes = Map.copyOf(opaqueShapes);
    }

    /** Names and shapes of the trainable parameters. */
    public ParameterLayout layout() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        trainables.forEach(t -> shapes.put(t.name(), t.shape()));
        return ParameterLayout.of(shapes);
    }
}
