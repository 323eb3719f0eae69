package io.fedfm.runtime.weave;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.List;
import java.util.Map;

/** Writes modules as ordinary nodes. */
final class InlineModules implements ModuleWriter {
    private final boolean training;

    InlineModules(boolean training) {
        this.training = training;
    }

    @Override
    public void declare(Graph graph) {
        if (training) {
            graph.addInput(ValueInfo.of(DropoutNodes.SEED, ElementType.INT64));
        }
    }

    @Override
    public String write(GraphBuilder builder, Place place, boolean onInput, SiteNodes site) {
        GraphOps ops = new GraphOps(builder, training ? new DropoutNodes(place.index()) : null);
        SiteValues<String> tensors = new SiteValues<>(site);
        return onInput
                ? place.module().applyToInput(ops, tensors, place::parameter)
                : place.module().apply(ops, tensors, place::parameter);
    }

    @Override
    public List<OpaqueModule> modules() {
        return List.of();
    }

    @Override
    public Map<String, String> shapes() {
        return Map.of();
    }
}
