package io.fedfm.api.peft;

import java.util.Objects;

/**
 * A trainable parameter that a module declares.
 *
 * @param name unique in the module; lower or upper case letters, digits, {@code _} and {@code .}
 * @param shape its dimensions
 * @param initializer how it starts, unless the module gives a value ({@link PeftModule#initial})
 * @param learningRateFactor what the optimizer's learning rate is multiplied by for it; 1 unless a
 *     method says otherwise (LoRA+)
 * @param task the task it belongs to: only clients of this task train it, and it is aggregated over
 *     those alone; "" if it is everybody's
 */
public record ParameterSpec(
        String name,
        long[] shape,
        Initializer initializer,
        double learningRateFactor,
        String task) {
    /** Checks the name and the factor. */
    public ParameterSpec {
        if (!name.matches("[A-Za-z0-9_.]+")) {
            throw new IllegalArgumentException("bad parameter name '" + name + "'");
        }
        shape = shape.clone();
        Objects.requireNonNull(initializer, "initializer is null");
        if (!(learningRateFactor > 0) || Double.isInfinite(learningRateFactor)) {
            throw new IllegalArgumentException(
                    name + ": bad learning rate factor " + learningRateFactor);
        }
        Objects.requireNonNull(task, "task is null");
    }

    /** A parameter of all clients that is trained at the optimizer's learning rate. */
    public ParameterSpec(String name, long[] shape, Initializer initializer) {
        this(name, shape, initializer, 1, "");
    }

    /** The same at another learning rate. */
    public ParameterSpec withLearningRateFactor(double factor) {
        return new ParameterSpec(name, shape, initializer, factor, task);
    }

    /** The same for one task. */
    public ParameterSpec ofTask(String owner) {
        return new ParameterSpec(name, shape, initializer, learningRateFactor, owner);
    }

    /** A copy of the dimensions. */
    @Override
    public long[] shape() {
        return shape.clone();
    }
}
