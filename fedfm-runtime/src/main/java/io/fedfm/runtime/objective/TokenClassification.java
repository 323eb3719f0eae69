package io.fedfm.runtime.objective;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.List;

/**
 * Trains a linear head on each hidden state: logits = hidden W^T + b [rows, length, classes] with
 * the parameters of {@link SequenceClassification}; labels are [rows, length].
 */
public final class TokenClassification implements Objective {
    private final SequenceClassification head;

    /** A head of {@code classes} outputs over hidden states of {@code width}. */
    public TokenClassification(long width, long classes) {
        this.head = new SequenceClassification(Pooling.FIRST, width, classes);
    }

    @Override
    public List<ParameterSpec> parameters() {
        return head.parameters();
    }

    @Override
    public List<String> labelDimensions() {
        return List.of("batch", "sequence");
    }

    @Override
    public Terms append(GraphBuilder builder, BackboneOutputs outputs) {
        if (outputs.hidden().isEmpty()) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "model.task TOKEN_CLS needs the last hidden states [batch, sequence, width], and none were found in this backbone; use model.pooling: head if it has a head for tokens");
        }
        String weight = builder.transpose(SequenceClassification.WEIGHT, 1, 0);
        String product = builder.op("MatMul", outputs.hidden(), weight);
        String logits = builder.op("Add", product, SequenceClassification.BIAS);
        return TokenClasses.append(builder, logits, outputs.virtualTokens());
    }
}
