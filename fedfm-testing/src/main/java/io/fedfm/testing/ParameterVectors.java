package io.fedfm.testing;

import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;

/** Small parameter vectors for tests; whoever asks for one closes it. */
public final class ParameterVectors {
    private ParameterVectors() {}

    /** A layout of a matrix [3, 5], a vector [7] and a single number. */
    public static ParameterLayout layout() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("matrix", new long[] {3, 5});
        shapes.put("vector", new long[] {7});
        shapes.put("number", new long[] {1});
        return ParameterLayout.of(shapes);
    }

    /** These values as one tensor. */
    public static ParameterVector of(BufferAllocator allocator, float... values) {
        ParameterVector vector =
                ParameterVector.zeros(
                        allocator,
                        ParameterLayout.of(Map.of("values", new long[] {values.length})));
        vector.floats(0, values.length).put(values);
        return vector;
    }

    /** Standard normal values in the given layout. */
    public static ParameterVector random(
            BufferAllocator allocator, ParameterLayout layout, long seed) {
        Random random = new Random(seed);
        ParameterVector vector = ParameterVector.zeros(allocator, layout);
        vector.forEachChunk(
                (from, count) -> {
                    FloatBuffer floats = vector.floats(from, count);
                    for (int i = 0; i < count; i++) {
                        floats.put(i, (float) random.nextGaussian());
                    }
                });
        return vector;
    }

    /** A vector of NaN, to see whether everything is overwritten. */
    public static ParameterVector unwritten(BufferAllocator allocator, ParameterLayout layout) {
        ParameterVector vector = ParameterVector.zeros(allocator, layout);
        vector.forEachChunk(
                (from, count) -> {
                    FloatBuffer floats = vector.floats(from, count);
                    for (int i = 0; i < count; i++) {
                        floats.put(i, Float.NaN);
                    }
                });
        return vector;
    }

    /** A copy of the elements. */
    public static float[] values(ParameterVector vector) {
        float[] values = new float[Math.toIntExact(vector.size())];
        vector.floats(0, values.length).get(values);
        return values;
    }
}
