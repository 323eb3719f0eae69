package io.fedfm.runtime.foundation;

import io.fedfm.runtime.graph.Tensor;

/** A linear layer: a product with the weight as [in, out], and a bias. */
final class Linear {
    private Linear() {}

    /** Appends {@code y = x W^T + b}; the weight is [out, in], as in PyTorch. */
    static String append(
            ModuleNodes module, String x, float[] weight, float[] bias, int in, int out) {
        String product =
                module.op(
                        "MatMul",
                        x,
                        module.constant(
                                "weight", Tensor.floats(transposed(weight, in, out), in, out)));
        return module.op("Add", product, module.constant("bias", Tensor.floats(bias, out)));
    }

    private static float[] transposed(float[] weight, int in, int out) {
        float[] result = new float[weight.length];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                result[i * out + o] = weight[o * in + i];
            }
        }
        return result;
    }
}
