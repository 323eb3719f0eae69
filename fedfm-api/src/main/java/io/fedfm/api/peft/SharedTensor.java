package io.fedfm.api.peft;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A tensor of the whole plan: modules at every site read it with {@link Parameters#get}.
 *
 * @param spec its name, which is unique in the model, its shape and how it starts
 * @param trained whether it is trained and travels; if not, every party computes the same values
 *     and it is never sent
 * @param values of a tensor that is not trained, in row-major order, the same at each call; null
 *     for one that is
 */
public record SharedTensor(ParameterSpec spec, boolean trained, Supplier<float[]> values) {
    /** Checks that there is a specification, and values if and only if it is not trained. */
    public SharedTensor {
        Objects.requireNonNull(spec, "spec is null");
        if (trained == (values != null)) {
            throw new IllegalArgumentException(
                    spec.name() + (trained ? " is trained" : " is not trained and has no values"));
        }
    }

    /** A tensor that is trained. */
    public static SharedTensor trained(ParameterSpec spec) {
        return new SharedTensor(spec, true, null);
    }

    /** A tensor that stays as its initializer and a seed give it. */
    public static SharedTensor frozen(ParameterSpec spec, long seed) {
        return frozen(spec, () -> drawn(spec, seed));
    }

    /** A tensor that stays as a function gives it. */
    public static SharedTensor frozen(ParameterSpec spec, Supplier<float[]> values) {
        return new SharedTensor(spec, false, values);
    }

    private static float[] drawn(ParameterSpec spec, long seed) {
        long[] shape = spec.shape();
        long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        float[] values = new float[Math.toIntExact(size)];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = spec.initializer().next(random, shape);
        }
        return values;
    }
}
