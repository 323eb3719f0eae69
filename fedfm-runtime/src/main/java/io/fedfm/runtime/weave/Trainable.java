package io.fedfm.runtime.weave;

import io.fedfm.api.peft.Initializer;
import io.fedfm.runtime.graph.Tensor;
import java.util.Objects;

/**
 * A trainable parameter of a woven graph: a graph input.
 *
 * @param name in the graph and in the layout
 * @param shape its dimensions
 * @param initializer how it starts; null for a promoted weight
 * @param value what a promoted weight starts from; null otherwise
 * @param head whether it belongs to the task's head
 */
public record Trainable(
        String name, long[] shape, Initializer initializer, Tensor value, boolean head) {
    /** Checks that there is exactly one way to start. */
    public Trainable {
        Objects.requireNonNull(name, "name is null");
        shape = shape.clone();
        if ((initializer == null) == (value == null)) {
            throw new IllegalArgumentException(name + " needs an initializer or a value");
        }
    }

    /** A copy of the dimensions. */
    @Override
    public long[] shape() {
        return shape.clone();
    }
}
