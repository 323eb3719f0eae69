package io.fedfm.runtime.program;

import io.fedfm.runtime.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * What a batch gave.
 *
 * @param loss the mean over the labels that count
 * @param labels how many labels count
 * @param correct how many of them the most likely class equals
 * @param predicted the most likely class at each token [rows x length], of an evaluation of a task
 *     that has a class for each; otherwise empty
 */
public record Outcome(double loss, long labels, long correct, List<Long> predicted) {
    /** Copies the list. */
    public Outcome {
        predicted = List.copyOf(predicted);
    }

    /** An outcome without predicted classes. */
    public Outcome(double loss, long labels, long correct) {
        this(loss, labels, correct, List.of());
    }

    /** The same with the predicted classes. */
    Outcome withPredicted(Tensor classes) {
        List<Long> values = Arrays.stream(classes.toLongs()).boxed().toList();
        return new Outcome(loss, labels, correct, values);
    }
}
