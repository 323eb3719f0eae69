package io.fedfm.runtime.objective;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.GraphBuilder;

/**
 * Softmax cross entropy: the mean of {@code -log softmax(logits)[label]} over the labels that are
 * not {@link #IGNORED}; 0 if there are none.
 */
final class CrossEntropy {
    /** The label of a position that does not count, as in PyTorch. */
    static final long IGNORED = -100;

    private CrossEntropy() {}

    /**
     * Writes it.
     *
     * @param given labels, of the shape of {@code logits} without its last axis
     */
    static Terms append(GraphBuilder b, String logits, String given) {
        String counts = b.op("Not", b.op("Equal", given, b.integer(IGNORED)));
        String weights = b.cast(counts, ElementType.FLOAT);
        String labels = b.op("Where", counts, given, b.integer(0));
        String logProbabilities = b.op("LogSoftmax", Attributes.of("axis", -1), logits);
        String index = b.op("Unsqueeze", labels, b.integers(-1));
        String chosen = b.op("GatherElements", Attributes.of("axis", -1), logProbabilities, index);
        String likelihood = b.op("Mul", b.op("Squeeze", chosen, b.integers(-1)), weights);
        String number = total(b, weights);
        String least = b.op("Max", number, b.scalar(1));
        String loss = b.op("Neg", b.op("Div", total(b, likelihood), least));
        String best = b.op("ArgMax", Attributes.of("axis", -1).with("keepdims", 0), logits);
        String right = b.cast(b.op("And", counts, b.op("Equal", best, given)), ElementType.FLOAT);
        return new Terms(loss, number, total(b, right), logits);
    }

    private static String total(GraphBuilder b, String value) {
        return b.op("ReduceSum", Attributes.of("keepdims", 0), value);
    }
}
