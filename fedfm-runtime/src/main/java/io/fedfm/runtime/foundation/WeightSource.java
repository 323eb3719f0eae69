package io.fedfm.runtime.foundation;

/** Gives the weights of a backbone, named and laid out as PyTorch's modules have them. */
@FunctionalInterface
public interface WeightSource {
    /**
     * The elements of a weight in row-major order; linear weights are [out, in].
     *
     * @param name such as {@code blocks.0.attention.in_proj_weight}
     * @param shape its dimensions
     */
    float[] weight(String name, int... shape);
}
