package io.fedfm.runtime.train;

import ai.djl.ndarray.NDArray;
import io.fedfm.api.tensor.ParameterVector;

/** Plain gradient descent with decoupled weight decay: {@code p -= rate * (g + decay * p)}. */
public final class Sgd implements Optimizer {
    private final double weightDecay;
    private final RateFactors factors;

    /** An optimizer without state. */
    public Sgd(double weightDecay) {
        this(weightDecay, RateFactors.ONE);
    }

    /** The same, with a rate of its own for each stretch of the parameters. */
    public Sgd(double weightDecay, RateFactors factors) {
        this.weightDecay = weightDecay;
        this.factors = factors;
    }

    @Override
    public void step(ParameterVector parameters, ParameterVector gradients, double rate) {
        try (FlatArrays values = FlatArrays.over(parameters, factors);
                FlatArrays slopes = FlatArrays.over(gradients, factors)) {
            for (int i = 0; i < values.pieces().size(); i++) {
                double own = rate * values.factor(i);
                try (NDArray change = slopes.pieces().get(i).mul(own)) {
                    values.pieces().get(i).muli(1 - own * weightDecay).subi(change);
                }
            }
        }
    }

    @Override
    public void close() {
        // There is nothing to give back.
    }
}
