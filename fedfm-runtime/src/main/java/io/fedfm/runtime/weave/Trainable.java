package io.fedfm.runtime.weave;

import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.runtime.graph.Tensor;
import java.util.Objects;

/**
 * A trainable parameter of a woven graph: a graph input.
 *
 * @param name in the graph and in the layout
 * @param shape its dimensions
 * @param initializer how it starts; null if it starts from a value
 * @param value what a promoted weight, or one that depends on weights, starts from; null otherwise
 * @param head whether it belongs to the task's head
 * @param learningRateFactor what the optimizer's learning rate is multiplied by for it
 * @param task the task whose clients alone train it; "" if all do
 */
public record Trainable(
        String name,
        long[] shape,
        Initializer initializer,
        Tensor value,
        boolean head,
        double learningRateFactor,
        String task) {
    /** Checks that there is exactly one way to start. */
    public Trainable {
        Objects.requireNonNull(name, "name is null");
        shape = shape.clone();
        if ((initializer == null) == (value == null)) {
            throw new IllegalArgumentException(name + " needs an initializer or a value");
        }
    }

    /** A parameter that a module or a head declares. */
    static Trainable declared(String name, ParameterSpec spec, Tensor value, boolean head) {
        return new Trainable(
                name,
                spec.shape(),
                value == null ? spec.initializer() : null,
                value,
                head,
                spec.learningRateFactor(),
                spec.task());
    }

    /** A promoted weight. */
    static Trainable promoted(String name, Tensor value, boolean head) {
        return new Trainable(name, value.shape(), null, value, head, 1, "");
    }

    /** A copy of the dimensions. */
    @Override
    public long[] shape() {
        return shape.clone();
    }
}
