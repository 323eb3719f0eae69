package io.fedfm.runtime.foundation;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Tensor;
import java.util.Arrays;

/** Multi-head self-attention over all positions, as PyTorch's {@code MultiheadAttention}. */
final class SelfAttention {
    private final ModuleNodes module;
    private final FoundationShape shape;
    private final WeightSource weights;
    private final String prefix;

    SelfAttention(ModuleNodes module, FoundationShape shape, WeightSource weights, String prefix) {
        this.module = module;
        this.shape = shape;
        this.weights = weights;
        this.prefix = prefix + "attention.";
    }

    /** Appends the attention to hidden states [batch, sequence, hidden]. */
    String append(String hidden) {
        int width = shape.hidden();
        int head = width / shape.heads();
        float[] packed = weights.weight(prefix + "in_proj_weight", 3 * width, width);
        float[] biases = weights.weight(prefix + "in_proj_bias", 3 * width);
        String split =
                module.constant("split", Tensor.longs(new long[] {0, 0, shape.heads(), head}, 4));
        String scale =
                module.constant(
                        "scale", Tensor.floats(new float[] {(float) (1 / Math.sqrt(head))}));
        String q = project("q", 0, hidden, packed, biases, split, 0, 2, 1, 3);
        String k = project("k", 1, hidden, packed, biases, split, 0, 2, 3, 1);
        String v = project("v", 2, hidden, packed, biases, split, 0, 2, 1, 3);
        String scores = module.op("MatMul", module.op("Mul", q, scale), k);
        String context =
                module.op("MatMul", module.op("Softmax", Attributes.of("axis", -1), scores), v);
        String joined =
                module.op(
                        "Reshape",
                        transpose(context, 0, 2, 1, 3),
                        module.constant("join", Tensor.longs(new long[] {0, 0, width}, 3)));
        return Linear.append(
                module.child("o"),
                joined,
                weights.weight(prefix + "out_proj.weight", width, width),
                weights.weight(prefix + "out_proj.bias", width),
                width,
                width);
    }

    /** One third of the packed projection, with the heads apart. */
    private String project(
            String name,
            int third,
            String hidden,
            float[] packed,
            float[] biases,
            String split,
            long... permutation) {
        int width = shape.hidden();
        int square = width * width;
        String projected =
                Linear.append(
                        module.child(name),
                        hidden,
                        Arrays.copyOfRange(packed, third * square, (third + 1) * square),
                        Arrays.copyOfRange(biases, third * width, (third + 1) * width),
                        width,
                        width);
        return transpose(module.op("Reshape", projected, split), permutation);
    }

    private String transpose(String value, long... permutation) {
        return module.op("Transpose", Attributes.of("perm", permutation), value);
    }
}
