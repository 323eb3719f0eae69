package io.fedfm.runtime.objective;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.List;

/**
 * Classifies with the head the graph came with: logits [rows, classes]; its weights are promoted
 * and trained.
 */
public final class OwnHead implements Objective {
    private final List<String> weights;

    /**
     * Trains the head of this backbone.
     *
     * @param outputs what was found of it
     * @param classes the classes of the data
     */
    public OwnHead(BackboneOutputs outputs, long classes) {
        if (outputs.logits().isEmpty() || outputs.tokenLogits()) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "model.pooling head needs a backbone that gives logits [batch, classes]; this one does not: use mean, first, last or pooler");
        }
        if (outputs.classes() != classes) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    "the backbone's own head has "
                            + outputs.classes()
                            + " classes, but the data or model.num_labels has "
                            + classes);
        }
        this.weights = outputs.headWeights();
    }

    @Override
    public List<ParameterSpec> parameters() {
        return List.of();
    }

    @Override
    public List<String> promoted() {
        return weights;
    }

    @Override
    public List<String> labelDimensions() {
        return List.of("batch");
    }

    @Override
    public Terms append(GraphBuilder builder, BackboneOutputs outputs) {
        return CrossEntropy.append(builder, outputs.logits(), LABELS);
    }
}
