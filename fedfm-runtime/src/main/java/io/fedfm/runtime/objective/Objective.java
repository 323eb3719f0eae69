package io.fedfm.runtime.objective;

import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.List;

/** A task: what follows the backbone, and the loss. */
public interface Objective {
    /** The input of labels, int64; the same name as in a batch. */
    String LABELS = "labels";

    /** The parameters of the trained head; none if it has none of its own. */
    default List<ParameterSpec> parameters() {
        return List.of();
    }

    /** Names of the backbone's own weights that are trained as the head. */
    default List<String> promoted() {
        return List.of();
    }

    /** The dimensions of the labels: [rows], or [rows, length]. */
    List<String> labelDimensions();

    /**
     * Writes pooling, head and loss behind the backbone.
     *
     * @param builder where to; the head's parameters and the labels are inputs of its graph
     * @param outputs the backbone's outputs, after modules have been woven in
     */
    Terms append(GraphBuilder builder, BackboneOutputs outputs);
}
