package io.fedfm.runtime.objective;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.List;

/**
 * Classifies with the head the graph came with: logits [rows, classes], or [rows, length, classes]
 * for a class of each token; its weights are promoted and trained.
 */
public final class OwnHead implements Objective {
    private final List<String> weights;
    private final boolean tokens;

    private OwnHead(BackboneOutputs outputs, long classes, boolean tokens, String otherwise) {
        if (outputs.logits().isEmpty() || outputs.tokenLogits() != tokens) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "model.pooling head needs a backbone that gives logits "
                            + (tokens ? "[batch, sequence, classes]" : "[batch, classes]")
                            + "; this one does not: use "
                            + otherwise);
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
        this.tokens = tokens;
    }

    /**
     * Trains the head of this backbone, which classifies rows.
     *
     * @param outputs what was found of it
     * @param classes the classes of the data
     */
    public OwnHead(BackboneOutputs outputs, long classes) {
        this(outputs, classes, false, "mean, first, last or pooler");
    }

    /** Trains the head of this backbone, which classifies each token. */
    public static OwnHead ofTokens(BackboneOutputs outputs, long classes) {
        return new OwnHead(outputs, classes, true, "none");
    }

    @Override
    public List<String> promoted() {
        return weights;
    }

    @Override
    public List<String> labelDimensions() {
        return tokens ? List.of("batch", "sequence") : List.of("batch");
    }

    @Override
    public Terms append(GraphBuilder builder, BackboneOutputs outputs) {
        return tokens
                ? TokenClasses.append(builder, outputs.logits(), outputs.virtualTokens())
                : CrossEntropy.append(builder, outputs.logits(), LABELS);
    }
}
