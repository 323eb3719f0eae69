package io.fedfm.runtime.objective;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.List;

/**
 * Predicts each next token with the backbone's own frozen head: cross entropy of logits [rows,
 * length, vocabulary] with labels [rows, length], of which the one of a position is the token
 * there; it is predicted at the position before, and the first only if a virtual token is before
 * it.
 */
public final class CausalLanguageModelling implements Objective {
    @Override
    public List<String> labelDimensions() {
        return List.of("batch", "sequence");
    }

    @Override
    public Terms append(GraphBuilder builder, BackboneOutputs outputs) {
        if (outputs.logits().isEmpty() || !outputs.tokenLogits()) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "model.task CAUSAL_LM needs a backbone that gives logits [batch, sequence, vocabulary]; export it with its language-model head");
        }
        String labels =
                TokenLabels.from(builder, outputs.virtualTokens() - 1, outputs.virtualTokens());
        return CrossEntropy.append(builder, outputs.logits(), labels);
    }
}
