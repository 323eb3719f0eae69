package io.fedfm.runtime.deploy;

import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.OpsetDowngrade;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.BackboneOutputs;
import io.fedfm.runtime.objective.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The trained head, appended to a model as its file has it. */
final class Head {
    /** What models of the field call their logits. */
    static final String LOGITS = "logits";

    private final TrainedModel trained;
    private final SourceEdits edits;

    /** The head of a trained model whose file is being changed. */
    Head(TrainedModel trained, SourceEdits edits) {
        this.trained = trained;
        this.edits = edits;
    }

    /**
     * Appends pooling and head, without the loss.
     *
     * @param declare adds a parameter of the head to the graph: its name and its value
     * @return the value that is the logits; it is an output, and the first one
     */
    String append(Graph source, BiConsumer<String, Tensor> declare) {
        Objective objective = trained.objective();
        objective.parameters().forEach(spec -> Values.moveAside(source, spec.name()));
        Graph scratch = new Graph(Math.max(source.opset(), Graph.OPSET));
        String logits =
                objective.append(new GraphBuilder(scratch, "fedfm/head"), outputs()).logits();
        scratch.addOutput(logits);
        scratch.prune();
        List<Node> nodes = new ArrayList<>(source.nodes());
        nodes.addAll(OpsetDowngrade.nodes(scratch, source.opset()));
        scratch.initializers().forEach(source::addInitializer);
        for (ParameterSpec spec : objective.parameters()) {
            declare.accept(spec.name(), trained.parameter(spec.name()));
        }
        boolean own = scratch.nodes().isEmpty();
        source.setNodes(nodes);
        List<String> outputs = new ArrayList<>(source.outputs());
        if (!own) {
            // What the head that is not used gave would be taken for the trained one's.
            outputs.remove(trained.backbone().outputs().logits());
            source.clearOutputs();
            outputs.forEach(source::addOutput);
            Values.rename(source, logits, LOGITS);
            logits = LOGITS;
            outputs = new ArrayList<>(source.outputs());
        }
        outputs.remove(logits);
        source.clearOutputs();
        source.addOutput(logits);
        outputs.forEach(source::addOutput);
        return logits;
    }

    private BackboneOutputs outputs() {
        BackboneOutputs found = trained.backbone().outputs();
        return new BackboneOutputs(
                value(found.hidden()),
                value(found.pooled()),
                logits(found.logits()),
                found.headWeights(),
                found.mask(),
                found.width(),
                found.classes(),
                found.tokenLogits());
    }

    private String value(String value) {
        return value.isEmpty() ? "" : edits.valueOf(value);
    }

    /** An output keeps its name, though an Identity may give it. */
    private String logits(String value) {
        return trained.backbone().graph().outputs().contains(value) ? value : value(value);
    }
}
