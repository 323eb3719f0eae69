package io.fedfm.api.peft;

import java.util.Objects;

/**
 * A tensor of the whole plan: modules at every site read it with {@link Parameters#get}.
 *
 * @param spec its name, which is unique in the model, its shape and how it starts
 * @param trained whether it is trained and travels; if not, every party draws the same values from
 *     the seed and it is never sent
 * @param seed of the values of a tensor that is not trained
 */
public record SharedTensor(ParameterSpec spec, boolean trained, long seed) {
    /** Checks that there is a specification. */
    public SharedTensor {
        Objects.requireNonNull(spec, "spec is null");
    }

    /** A tensor that is trained. */
    public static SharedTensor trained(ParameterSpec spec) {
        return new SharedTensor(spec, true, 0);
    }

    /** A tensor that stays as a seed gives it. */
    public static SharedTensor frozen(ParameterSpec spec, long seed) {
        return new SharedTensor(spec, false, seed);
    }
}
