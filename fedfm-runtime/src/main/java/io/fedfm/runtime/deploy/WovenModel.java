package io.fedfm.runtime.deploy;

import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.runtime.autodiff.StopGradients;
import io.fedfm.runtime.graph.DeployedModel;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.SourceModel;
import io.fedfm.runtime.graph.ValueInfo;
import io.fedfm.runtime.objective.BackboneOutputs;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.objective.Terms;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.weave.Weaver;
import io.fedfm.runtime.weave.WovenGraph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code onnx}: the backbone as fedfm reads it, with modules of any method as nodes, the trained
 * parameters as constants, and the head behind it.
 */
final class WovenModel {
    private WovenModel() {}

    /** Weaves a trained model for inference. */
    static DeployedModel of(TrainedModel trained) {
        FrozenBackbone backbone = trained.backbone();
        SourceModel source = SourceModel.read(trained.file());
        Woven woven = new Woven(trained.objective());
        WovenGraph whole =
                new Weaver(
                                backbone.graph(),
                                backbone.anatomy(),
                                backbone.outputs(),
                                trained.plan(),
                                woven)
                        .inline(false);
        Graph graph = forInference(whole, trained);
        String logits = nameOutputs(graph, backbone, woven, whole.terms().logits());
        StopGradients.lower(graph);
        graph.prune();
        return new DeployedModel(
                graph,
                DeclaredOutputs.of(source, trained, logits),
                source.metadata(),
                source.external());
    }

    /** The graph with parameters as constants and without labels. */
    private static Graph forInference(WovenGraph whole, TrainedModel trained) {
        Graph graph = new Graph(whole.graph().opset());
        for (ValueInfo input : whole.graph().inputs().values()) {
            boolean parameter =
                    whole.trainables().stream().anyMatch(t -> t.name().equals(input.name()));
            if (!parameter && !input.name().equals(Objective.LABELS)) {
                graph.addInput(input);
            }
        }
        whole.graph().initializers().forEach(graph::addInitializer);
        whole.trainables()
                .forEach(t -> graph.addInitializer(t.name(), trained.parameter(t.name())));
        graph.setNodes(whole.graph().nodes());
        return graph;
    }

    /** Logits first, then the hidden and pooled states that the backbone gives too. */
    private static String nameOutputs(
            Graph graph, FrozenBackbone backbone, Woven woven, String logits) {
        BackboneOutputs found = backbone.outputs();
        List<String> given = backbone.graph().outputs();
        boolean own = logits.equals(woven.outputs.logits());
        Map<String, String> names = new HashMap<>();
        names.put(logits, own && given.contains(found.logits()) ? found.logits() : Head.LOGITS);
        graph.addOutput(logits);
        if (given.contains(found.hidden()) && !names.containsKey(woven.outputs.hidden())) {
            names.put(woven.outputs.hidden(), found.hidden());
            graph.addOutput(woven.outputs.hidden());
        }
        if (given.contains(found.pooled()) && !names.containsKey(woven.outputs.pooled())) {
            names.put(woven.outputs.pooled(), found.pooled());
            graph.addOutput(woven.outputs.pooled());
        }
        for (String value : List.copyOf(graph.outputs())) {
            Values.rename(graph, value, names.get(value));
        }
        return names.get(logits);
    }

    /**
     * An objective that remembers what the backbone's outputs became when modules were woven in.
     */
    private static final class Woven implements Objective {
        private final Objective objective;
        private BackboneOutputs outputs;

        Woven(Objective objective) {
            this.objective = objective;
        }

        @Override
        public List<ParameterSpec> parameters() {
            return objective.parameters();
        }

        @Override
        public List<String> promoted() {
            return objective.promoted();
        }

        @Override
        public List<String> labelDimensions() {
            return objective.labelDimensions();
        }

        @Override
        public Terms append(GraphBuilder builder, BackboneOutputs woven) {
            outputs = woven;
            return objective.append(builder, woven);
        }
    }
}
