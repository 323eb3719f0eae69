package io.fedfm.api.peft;

import java.util.Objects;

/**
 * A trainable parameter that a module declares.
 *
 * @param name unique in the module; lower or upper case letters, digits, {@code _} and {@code .}
 * @param shape its dimensions
 * @param initializer how it starts
 */
public record ParameterSpec(String name, long[] shape, Initializer initializer) {
    /** Checks the name and the shape. */
    public ParameterSpec {
        if (!name.matches("[A-Za-z0-9_.]+")) {
            throw new IllegalArgumentException("bad parameter name '" + name + "'");
        }
        shape = shape.clone();
        Objects.requireNonNull(initializer, "initializer is null");
    }

    /** A copy of the dimensions. */
    @Override
    public long[] shape() {
        return shape.clone();
    }
}
