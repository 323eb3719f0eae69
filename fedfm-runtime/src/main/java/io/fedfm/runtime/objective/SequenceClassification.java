package io.fedfm.runtime.objective;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.List;

/**
 * Pools hidden states and trains a linear head: logits = pooled W^T + b with {@code
 * classifier.weight} [classes, width] and {@code classifier.bias} [classes], started as PyTorch
 * starts a linear layer.
 */
public final class SequenceClassification implements Objective {
    /** The head's weight. */
    public static final String WEIGHT = "classifier.weight";

    /** The head's bias. */
    public static final String BIAS = "classifier.bias";

    private final Pooling pooling;
    private final long width;
    private final long classes;

    /** A head of {@code classes} outputs over vectors of {@code width}. */
    public SequenceClassification(Pooling pooling, long width, long classes) {
        if (classes < 2) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "a classifier needs 2 classes or more, has " + classes);
        }
        this.pooling = pooling;
        this.width = width;
        this.classes = classes;
    }

    @Override
    public List<ParameterSpec> parameters() {
        return List.of(
                new ParameterSpec(
                        WEIGHT, new long[] {classes, width}, Initializer.kaimingUniform()),
                new ParameterSpec(
                        BIAS, new long[] {classes}, Initializer.uniform(1 / Math.sqrt(width))));
    }

    @Override
    public List<String> labelDimensions() {
        return List.of("batch");
    }

    @Override
    public Terms append(GraphBuilder builder, BackboneOutputs outputs) {
        String pooled = pooling.append(builder, outputs);
        String logits = builder.op("Gemm", Attributes.of("transB", 1), pooled, WEIGHT, BIAS);
        return CrossEntropy.append(builder, logits, LABELS);
    }
}
