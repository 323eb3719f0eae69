package io.fedfm.runtime.program;

import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.weave.Trainable;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Gives trainable parameters their first values. */
public final class InitialParameters {
    private InitialParameters() {}

    /**
     * Fills a vector.
     *
     * @param trainables in the order of the vector's layout
     * @param streams parameter name to a generator of its own, so that the values of one do not
     *     depend on which others there are
     * @param vector where the values go
     */
    public static void fill(
            List<Trainable> trainables,
            Function<String, RandomGenerator> streams,
            ParameterVector vector) {
        for (Trainable trainable : trainables) {
            FloatBuffer target = vector.floats(trainable.name());
            if (trainable.value() != null) {
                target.put(trainable.value().toFloats());
                continue;
            }
            RandomGenerator random = streams.apply(trainable.name());
            long[] shape = trainable.shape();
            while (target.hasRemaining()) {
                target.put(trainable.initializer().next(random, shape));
            }
        }
    }
}
