package io.fedfm.api.peft;

import java.util.random.RandomGenerator;

/** Gives a parameter its first values, from a seeded generator, in row-major order. */
@FunctionalInterface
public interface Initializer {
    /** The next value of a parameter of this shape. */
    float next(RandomGenerator random, long[] shape);

    /** All zero. */
    static Initializer zeros() {
        return constant(0);
    }

    /** All one value. */
    static Initializer constant(double value) {
        return (random, shape) -> (float) value;
    }

    /** Normal with mean 0. */
    static Initializer normal(double deviation) {
        return (random, shape) -> (float) (deviation * random.nextGaussian());
    }

    /** Uniform between {@code -bound} and {@code bound}. */
    static Initializer uniform(double bound) {
        return (random, shape) -> (float) (bound * (2 * random.nextDouble() - 1));
    }

    /**
     * Uniform between plus and minus {@code 1 / sqrt(fan_in)}, for a weight [out, in]: what PyTorch
     * calls kaiming-uniform with {@code a = sqrt(5)} and gives its linear layers.
     */
    static Initializer kaimingUniform() {
        return (random, shape) ->
                (float) ((2 * random.nextDouble() - 1) / Math.sqrt(shape[shape.length - 1]));
    }
}
