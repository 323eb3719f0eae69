package io.fedfm.runtime.oracle;

import io.fedfm.runtime.graph.Tensor;
import java.util.Map;

/**
 * What a gradient counts as at least when differences are measured against it.
 *
 * <p>Some gradients are zero in theory: softmax does not see what is added to all scores of a row,
 * so the bias of a key has none. What is computed is the rounding of terms that cancel, and no two
 * engines round alike: the difference relative to it says nothing. A tensor whose gradient is below
 * a hundredth of the usual size is therefore compared with that hundredth. The usual size is the
 * root mean square over the elements of all gradients.
 */
final class GradientFloor {
    /** Of the usual size of an element's gradient. */
    static final double FRACTION = 1e-2;

    private final double element;

    private GradientFloor(double element) {
        this.element = element;
    }

    /** From the gradients that are right. */
    static GradientFloor of(Map<String, Tensor> gradients) {
        double squares = 0;
        long count = 0;
        for (Tensor gradient : gradients.values()) {
            double norm = RelativeDifference.norm(gradient.toFloats());
            squares += norm * norm;
            count += gradient.size();
        }
        return new GradientFloor(count == 0 ? 0 : FRACTION * Math.sqrt(squares / count));
    }

    /** The least norm that the gradient of a tensor of this many elements counts as. */
    double norm(long elements) {
        return element * Math.sqrt(elements);
    }

    /** The least slope along a direction of this norm. */
    double slope(double direction) {
        return element * direction;
    }

    /** Whether a gradient is below. */
    boolean isAbove(Tensor gradient) {
        return norm(gradient.size()) > RelativeDifference.norm(gradient.toFloats());
    }
}
