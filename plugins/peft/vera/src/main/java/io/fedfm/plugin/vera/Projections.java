package io.fedfm.plugin.vera;

import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.SharedTensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * The two frozen matrices that all modules share.
 *
 * @param a [r, in]
 * @param b [out, r]
 */
record Projections(SharedTensor a, SharedTensor b) {
    static final String A = "vera_A";
    static final String B = "vera_B";

    /**
     * The numbers that the PEFT library draws for this key: A, then B, from one generator, each
     * uniform within {@code sqrt(6 / columns)} (kaiming-uniform).
     */
    static Projections drawn(long key, int rank, long inputs, long outputs) {
        int sizeOfA = Math.toIntExact(rank * inputs);
        int sizeOfB = Math.toIntExact(rank * outputs);
        return new Projections(
                tensor(
                        A,
                        new long[] {rank, inputs},
                        () -> uniform(new MersenneTwister(key), sizeOfA, inputs)),
                tensor(
                        B,
                        new long[] {outputs, rank},
                        () -> {
                            MersenneTwister random = new MersenneTwister(key);
                            random.skip(sizeOfA);
                            return uniform(random, sizeOfB, rank);
                        }));
    }

    /**
     * Those of a file, such as the PEFT library writes with {@code save_projection: true}.
     *
     * @throws io.fedfm.api.FedFmException FILE_UNREADABLE, or SETTINGS_INVALID if it has no such
     *     matrices, or of another rank, or they are too small
     */
    static Projections read(String file, int rank, long inputs, long outputs) {
        ProjectionFile matrices = ProjectionFile.read(file);
        ProjectionFile.Matrix a = matrices.get(A, 0, rank, inputs);
        ProjectionFile.Matrix b = matrices.get(B, 1, rank, outputs);
        return new Projections(tensor(A, a.shape(), a::values), tensor(B, b.shape(), b::values));
    }

    /** Both. */
    List<SharedTensor> tensors() {
        return List.of(a, b);
    }

    private static SharedTensor tensor(String name, long[] shape, Supplier<float[]> values) {
        return SharedTensor.frozen(new ParameterSpec(name, shape, Initializer.zeros()), values);
    }

    private static float[] uniform(MersenneTwister random, int count, long columns) {
        float bound = (float) (Math.sqrt(3) * (Math.sqrt(2) / Math.sqrt(columns)));
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            // One rounding, as PyTorch's kernel for this has on a machine with fused products.
            values[i] = Math.fma(random.nextFloat(), bound + bound, -bound);
        }
        return values;
    }
}
