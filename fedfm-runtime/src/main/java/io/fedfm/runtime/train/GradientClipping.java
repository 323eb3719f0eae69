package io.fedfm.runtime.train;

import ai.djl.ndarray.NDArray;
import io.fedfm.api.tensor.ParameterVector;

/**
 * Clipping by global norm as in PyTorch's {@code clip_grad_norm_}: {@code g *= min(1, max_norm /
 * (|g| + 1e-6))}.
 */
public final class GradientClipping implements GradientStep {
    private static final double MARGIN = 1e-6;

    private final double maxNorm;

    /** Clips to this norm. */
    public GradientClipping(double maxNorm) {
        this.maxNorm = maxNorm;
    }

    @Override
    public void apply(LocalStep step, ParameterVector gradients) {
        try (FlatArrays arrays = FlatArrays.over(gradients)) {
            double squares = 0;
            for (NDArray piece : arrays.pieces()) {
                try (NDArray norm = piece.norm()) {
                    squares += Math.pow(norm.getFloat(), 2);
                }
            }
            double factor = maxNorm / (Math.sqrt(squares) + MARGIN);
            if (factor < 1) {
                arrays.pieces().forEach(piece -> piece.muli(factor));
            }
        }
    }
}
