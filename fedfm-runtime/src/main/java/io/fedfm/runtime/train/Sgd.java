package io.fedfm.runtime.train;

import ai.djl.ndarray.NDArray;
import io.fedfm.api.tensor.ParameterVector;

/** Plain gradient descent with decoupled weight decay: {@code p -= rate * (g + decay * p)}. */
public final class Sgd implements Optimizer {
    private final double weightDecay;

    /** An optimizer without state. */
    public Sgd(double weightDecay) {
        this.weightDecay = weightDecay;
    }

    @Override
    public void step(ParameterVector parameters, ParameterVector gradients, double rate) {
        try (FlatArrays values = FlatArrays.over(parameters);
                FlatArrays slopes = FlatArrays.over(gradients)) {
            for (int i = 0; i < values.pieces().size(); i++) {
                try (NDArray change = slopes.pieces().get(i).mul(rate)) {
                    values.pieces().get(i).muli(1 - rate * weightDecay).subi(change);
                }
            }
        }
    }

    @Override
    public void close() {
        // There is nothing to give back.
    }
}
