package io.fedfm.runtime.weave;

import io.fedfm.api.peft.Parameters;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Leaves modules as pseudo-nodes, which name the tensors and parameters that go in. */
final class OpaqueModules implements ModuleWriter {
    private final List<OpaqueModule> modules = new ArrayList<>();
    private final Map<String, String> shapes = new HashMap<>();

    @Override
    public void declare(Graph graph) {
        // Dropout seeds reach opaque modules beside the graph.
    }

    @Override
    public String write(GraphBuilder builder, Place place, boolean onInput, SiteNodes site) {
        Map<String, String> tensors = new LinkedHashMap<>();
        Map<String, String> parameters = new LinkedHashMap<>();
        record(place, onInput, site, tensors, parameters);
        List<String> inputs = new ArrayList<>(tensors.values());
        inputs.addAll(parameters.values());
        String result = builder.graph().freshName("module");
        builder.graph().addNode(PseudoOps.module(modules.size(), inputs, result));
        modules.add(
                new OpaqueModule(
                        place.module(),
                        onInput,
                        place.index(),
                        List.copyOf(tensors.keySet()),
                        List.copyOf(parameters.keySet())));
        shapes.put(result, site.apply(onInput ? SiteValues.INPUT : SiteValues.OUTPUT));
        return result;
    }

    /**
     * Learns which tensors and parameters a module asks for by letting it write itself to a graph
     * that is thrown away.
     */
    private static void record(
            Place place,
            boolean onInput,
            SiteNodes site,
            Map<String, String> tensors,
            Map<String, String> parameters) {
        SiteValues<String> recorder = new SiteValues<>(name -> tensors.computeIfAbsent(name, site));
        Parameters<String> asked = name -> parameters.computeIfAbsent(name, place::parameter);
        GraphOps ops = new GraphOps(new GraphBuilder(new Graph(), "scratch"), null);
        if (onInput) {
            place.module().applyToInput(ops, recorder, asked);
        } else {
            place.module().apply(ops, recorder, asked);
        }
    }

    @Override
    public List<OpaqueModule> modules() {
        return List.copyOf(modules);
    }

    @Override
    public Map<String, String> shapes() {
        return Map.copyOf(shapes);
    }
}
