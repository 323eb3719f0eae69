package io.fedfm.runtime.foundation;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Tensor;

/**
 * One post-norm block: {@code h = norm1(h + attention(h))}, then {@code h = norm2(h + ffn(h))},
 * with weights named as in PyTorch.
 */
final class Block {
    private static final float EPSILON = 1e-5f;

    private final ModuleNodes module;
    private final FoundationShape shape;
    private final WeightSource weights;
    private final String prefix;

    Block(ModuleNodes module, FoundationShape shape, WeightSource weights, int layer) {
        this.module = module;
        this.shape = shape;
        this.weights = weights;
        this.prefix = "blocks." + layer + ".";
    }

    /** Appends the block to hidden states; its output gets this name, if it is one. */
    String append(String hidden, String outputName) {
        String attended =
                new SelfAttention(module.child("attention"), shape, weights, prefix).append(hidden);
        String middle = norm("norm1", module.op("Add", hidden, attended), "");
        return norm("norm2", module.op("Add", middle, feedForward(middle)), outputName);
    }

    private String feedForward(String hidden) {
        int width = shape.hidden();
        int inner = shape.inner();
        float[] upWeight = weights.weight(prefix + "ffn.0.weight", inner, width);
        float[] upBias = weights.weight(prefix + "ffn.0.bias", inner);
        String up = Linear.append(module.child("ffn.0"), hidden, upWeight, upBias, width, inner);
        String active = module.child("ffn.1").op("Gelu", up);
        float[] downWeight = weights.weight(prefix + "ffn.2.weight", width, inner);
        float[] downBias = weights.weight(prefix + "ffn.2.bias", width);
        return Linear.append(module.child("ffn.2"), active, downWeight, downBias, inner, width);
    }

    private String norm(String name, String sum, String outputName) {
        int width = shape.hidden();
        ModuleNodes norm = module.child(name);
        float[] scale = weights.weight(prefix + name + ".weight", width);
        float[] shift = weights.weight(prefix + name + ".bias", width);
        String[] inputs = {
            sum,
            norm.constant("weight", Tensor.floats(scale, width)),
            norm.constant("bias", Tensor.floats(shift, width))
        };
        Attributes attributes = Attributes.of("axis", -1).with("epsilon", EPSILON);
        return outputName.isEmpty()
                ? norm.op("LayerNormalization", attributes, inputs)
                : norm.named(outputName, "LayerNormalization", attributes, inputs);
    }
}
