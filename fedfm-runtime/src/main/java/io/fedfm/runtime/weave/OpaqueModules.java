package io.fedfm.runtime.weave;

import io.fedfm.api.peft.ParameterSpec;
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
        Map<String, String> tensors = tensorsUsed(builder, place, onInput, site);
        List<String> parameters =
                place.module().parameters().stream().map(ParameterSpec::name).toList();
        List<String> inputs = new ArrayList<>(tensors.values());
        parameters.forEach(p -> inputs.add(place.parameter(p)));
        String result = builder.graph().freshName("module");
        builder.graph().addNode(PseudoOps.module(modules.size(), inputs, result));
        modules.add(
                new OpaqueModule(
                        place.module(),
                        onInput,
                        place.index(),
                        List.copyOf(tensors.keySet()),
                        parameters));
        shapes.put(result, site.apply(onInput ? SiteValues.INPUT : SiteValues.OUTPUT));
        return result;
    }

    /**
     * Learns which tensors a module asks for by letting it write itself to a graph that is thrown
     * away.
     */
    private static Map<String, String> tensorsUsed(
            GraphBuilder builder, Place place, boolean onInput, SiteNodes site) {
        Map<String, String> used = new LinkedHashMap<>();
        SiteValues<String> recorder = new SiteValues<>(name -> used.computeIfAbsent(name, site));
        GraphOps ops = new GraphOps(new GraphBuilder(new Graph(), "scratch"), null);
        if (onInput) {
            place.module().applyToInput(ops, recorder, place::parameter);
        } else {
            place.module().apply(ops, recorder, place::parameter);
        }
        return used;
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
