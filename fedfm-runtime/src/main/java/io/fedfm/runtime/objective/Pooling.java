package io.fedfm.runtime.objective;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.GraphBuilder;

/** How hidden states [rows, positions, width] become one vector a row. */
public enum Pooling {
    /** The mean over the positions that the mask keeps; over all where there is no mask. */
    MEAN {
        @Override
        String append(GraphBuilder b, BackboneOutputs outputs) {
            String hidden = hidden(outputs);
            if (outputs.mask().isEmpty()) {
                return b.reduceMean(hidden, false, 1);
            }
            String mask = b.cast(outputs.mask(), ElementType.FLOAT);
            String sum =
                    b.reduceSum(
                            b.op("Mul", hidden, b.op("Unsqueeze", mask, b.integers(-1))), false, 1);
            return b.op("Div", sum, b.op("Max", b.reduceSum(mask, true, 1), b.scalar(1)));
        }
    },
    /** The first position ([CLS]). */
    FIRST {
        @Override
        String append(GraphBuilder b, BackboneOutputs outputs) {
            return b.op("Gather", Attributes.of("axis", 1), hidden(outputs), b.integer(0));
        }
    },
    /** The last position that the mask keeps; rows are padded on the right. */
    LAST {
        @Override
        String append(GraphBuilder b, BackboneOutputs outputs) {
            if (outputs.mask().isEmpty()) {
                return b.op("Gather", Attributes.of("axis", 1), hidden(outputs), b.integer(-1));
            }
            String length = b.op("Gather", b.op("Shape", outputs.mask()), b.integer(1));
            String positions = b.op("Range", b.integer(0), length, b.integer(1));
            String mask = b.cast(outputs.mask(), ElementType.INT64);
            String last = b.op("Sub", b.reduceSum(mask, true, 1), b.integer(1));
            String chosen = b.cast(b.op("Equal", positions, last), ElementType.FLOAT);
            return b.reduceSum(
                    b.op("Mul", hidden(outputs), b.op("Unsqueeze", chosen, b.integers(-1))),
                    false,
                    1);
        }
    },
    /** What the graph's own pooler gives. */
    POOLER {
        @Override
        String append(GraphBuilder b, BackboneOutputs outputs) {
            if (outputs.pooled().isEmpty()) {
                throw new FedFmException(
                        ErrorCode.SETTINGS_INVALID,
                        "model.pooling pooler: this backbone has no pooler; use mean, first or last");
            }
            return outputs.pooled();
        }
    };

    abstract String append(GraphBuilder builder, BackboneOutputs outputs);

    private static String hidden(BackboneOutputs outputs) {
        if (outputs.hidden().isEmpty()) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "no last hidden states [batch, positions, width] were found in this backbone; use model.pooling: pooler or head");
        }
        return outputs.hidden();
    }
}
