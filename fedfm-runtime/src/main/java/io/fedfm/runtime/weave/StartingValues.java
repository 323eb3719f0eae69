package io.fedfm.runtime.weave;

import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What parameters that depend on frozen weights start from, as a graph without inputs.
 *
 * @param graph its outputs are the values
 * @param values name of a parameter to the output that it starts from
 */
public record StartingValues(Graph graph, Map<String, String> values) {
    /** Copies the map. */
    public StartingValues {
        values = Map.copyOf(values);
    }

    static StartingValues of(Graph backbone, Places places, PeftPlan plan) {
        Graph graph = backbone.copy();
        graph.clearOutputs();
        TrainableInputs.addFrozen(plan, graph);
        Map<String, String> values = new LinkedHashMap<>();
        for (Place place : places.all()) {
            GraphBuilder builder = new GraphBuilder(graph, "start/" + place.site().name());
            SiteValues<String> site = new SiteValues<>(new SiteNodes(builder, place, null, null));
            for (ParameterSpec spec : place.module().parameters()) {
                Optional<String> value =
                        place.module().initial(spec.name(), new GraphOps(builder, null), site);
                value.ifPresent(v -> values.put(place.parameter(spec.name()), v));
            }
        }
        List.copyOf(values.values()).forEach(graph::addOutput);
        graph.prune();
        return new StartingValues(withoutInputs(graph), values);
    }

    private static Graph withoutInputs(Graph graph) {
        Graph constants = new Graph(graph.opset());
        graph.initializers().forEach(constants::addInitializer);
        constants.setNodes(graph.nodes());
        graph.outputs().forEach(constants::addOutput);
        return constants;
    }
}
