package io.fedfm.runtime.train;

import ai.djl.ndarray.NDArray;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.config.ClientConfig;

/**
 * AdamW (Loshchilov and Hutter 2019) as PyTorch computes it:
 *
 * <pre>
 * p -= rate * weight_decay * p
 * m  = beta1 * m + (1 - beta1) * g
 * v  = beta2 * v + (1 - beta2) * g^2
 * p -= rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
 * </pre>
 */
public final class AdamW implements Optimizer {
    private final ClientConfig.Optimizer config;
    private final RateFactors factors;
    private FlatArrays means;
    private FlatArrays squares;
    private long steps;

    /** An optimizer whose moments are zero. */
    public AdamW(ClientConfig.Optimizer config) {
        this(config, RateFactors.ONE);
    }

    /** The same, with a rate of its own for each stretch of the parameters. */
    public AdamW(ClientConfig.Optimizer config, RateFactors factors) {
        this.config = config;
        this.factors = factors;
    }

    @Override
    public void step(ParameterVector parameters, ParameterVector gradients, double rate) {
        if (means == null) {
            means = FlatArrays.zerosLike(parameters, factors);
            squares = FlatArrays.zerosLike(parameters, factors);
        }
        steps++;
        try (FlatArrays values = FlatArrays.over(parameters, factors);
                FlatArrays slopes = FlatArrays.over(gradients, factors)) {
            for (int i = 0; i < values.pieces().size(); i++) {
                update(
                        values.pieces().get(i),
                        slopes.pieces().get(i),
                        means.pieces().get(i),
                        squares.pieces().get(i),
                        rate * values.factor(i));
            }
        }
    }

    private void update(NDArray value, NDArray slope, NDArray mean, NDArray square, double rate) {
        double meanCorrection = 1 - Math.pow(config.beta1(), steps);
        double squareCorrection = 1 - Math.pow(config.beta2(), steps);
        value.muli(1 - rate * config.weightDecay());
        // The first product is made by slope, so its manager, which lives for this step, owns it.
        try (NDArray part = slope.mul(1 - config.beta1())) {
            mean.muli(config.beta1()).addi(part);
        }
        try (NDArray part = slope.mul(slope)) {
            square.muli(config.beta2()).addi(part.muli(1 - config.beta2()));
        }
        try (NDArray root = square.sqrt();
                NDArray change =
                        mean.div(root.divi(Math.sqrt(squareCorrection)).addi(config.epsilon()))) {
            value.subi(change.muli(rate / meanCorrection));
        }
    }

    @Override
    public void close() {
        if (means != null) {
            means.close();
            squares.close();
        }
    }
}
