package io.fedfm.runtime.oracle;

import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.weave.Trainable;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Random parameters, none of them zero: at the usual start half the gradients are zero and prove
 * nothing.
 */
final class TrialPoint {
    private static final double DEVIATION = 0.08;

    private TrialPoint() {}

    /** Fills a vector: normal numbers around where each parameter starts. */
    static void fill(
            List<Trainable> trainables, RandomGenerator random, ParameterVector parameters) {
        for (Trainable trainable : trainables) {
            FloatBuffer target = parameters.floats(trainable.name());
            float[] value = trainable.value() == null ? null : trainable.value().toFloats();
            long[] shape = trainable.shape();
            for (int i = 0; i < target.limit(); i++) {
                float start =
                        value == null ? trainable.initializer().next(random, shape) : value[i];
                target.put(i, (float) (start + DEVIATION * random.nextGaussian()));
            }
        }
    }

    /** Copies of the tensors of a vector by name. */
    static Map<String, Tensor> tensors(ParameterVector vector) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (ParameterLayout.Entry entry : vector.layout().entries()) {
            float[] values = new float[Math.toIntExact(entry.size())];
            vector.floats(entry.name()).get(values);
            tensors.put(entry.name(), Tensor.floats(values, entry.dimensions()));
        }
        return tensors;
    }
}
