package io.fedfm.plugin.adapter;

import io.fedfm.api.tensor.TensorOps;
import java.util.Locale;

/** The function between the two projections of an adapter. */
enum Activation {
    RELU,
    GELU,
    TANH,
    /** {@code a * sigmoid(a)}. */
    SILU;

    static Activation named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    <T> T apply(TensorOps<T> ops, T a) {
        return switch (this) {
            case RELU -> ops.relu(a);
            case GELU -> ops.gelu(a);
            case TANH -> ops.tanh(a);
            case SILU -> ops.multiply(a, ops.sigmoid(a));
        };
    }
}
