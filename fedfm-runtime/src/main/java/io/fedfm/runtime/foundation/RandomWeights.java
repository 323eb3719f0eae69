package io.fedfm.runtime.foundation;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * Weights drawn as PyTorch initialises the same modules, from one seed.
 *
 * <p>{@link Random} is what the Java specification fixes to the last bit, its normal deviates
 * included, so every machine and every version of Java draws the same. Weights are drawn in the
 * order in which they are asked for.
 */
public final class RandomWeights implements WeightSource {
    private static final double POSITION_DEVIATION = 0.02;

    private final Random random;

    /** The weights of this seed. */
    public RandomWeights(long seed) {
        random = new Random(seed);
    }

    @Override
    public float[] weight(String name, int... shape) {
        float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (name.equals("tokens")) {
            return drawn(values, random::nextGaussian);
        }
        if (name.equals("positions")) {
            return drawn(values, () -> POSITION_DEVIATION * random.nextGaussian());
        }
        if (name.contains(".norm")) {
            Arrays.fill(values, last.equals("weight") ? 1 : 0);
            return values;
        }
        if (name.contains(".attention.") && last.endsWith("bias")) {
            return values;
        }
        return drawn(values, uniform(bound(name, last, shape)));
    }

    /**
     * Xavier for the packed projection; else {@code 1 / sqrt(fan_in)}, PyTorch's for linear layers.
     */
    private static double bound(String name, String last, int[] shape) {
        if (last.equals("in_proj_weight")) {
            return StrictMath.sqrt(6.0 / (shape[0] + shape[1]));
        }
        return 1 / StrictMath.sqrt(last.equals("weight") ? shape[1] : fanIn(name, shape[0]));
    }

    /** The inputs of the linear layer that a bias [out] of the feed-forward belongs to. */
    private static int fanIn(String biasName, int outputs) {
        return biasName.endsWith(".ffn.0.bias") ? outputs / 4 : 4 * outputs;
    }

    private DoubleSupplier uniform(double bound) {
        return () -> bound * (2 * random.nextDouble() - 1);
    }

    private static float[] drawn(float[] values, DoubleSupplier next) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) next.getAsDouble();
        }
        return values;
    }
}
