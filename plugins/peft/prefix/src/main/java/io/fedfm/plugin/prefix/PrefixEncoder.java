package io.fedfm.plugin.prefix;

import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.SharedTensor;
import io.fedfm.api.peft.Site;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;

/**
 * The first half of the network that makes prefixes, which all attentions share: {@code tanh(E A^T
 * + a)} with E [tokens, width], A [inner, width] and a [inner].
 *
 * @param tokens the length of the prefix
 * @param width of all keys of a layer together
 * @param inner the width in the middle
 * @param zero whether the second half starts from zero
 */
record PrefixEncoder(long tokens, long width, long inner, boolean zero) {
    private static final String EMBEDDING = "prefix_embedding";
    private static final String WEIGHT = "prefix_encoder_weight";
    private static final String BIAS = "prefix_encoder_bias";

    static PrefixEncoder of(PrefixConfig config, Site site) {
        long width = site.keyValueHeads() * site.inputs();
        long inner = config.encoderSize() > 0 ? config.encoderSize() : width;
        return new PrefixEncoder(config.tokens(), width, inner, config.zero());
    }

    List<SharedTensor> shared() {
        return List.of(
                tensor(EMBEDDING, Initializer.normal(1), tokens, width),
                tensor(WEIGHT, Initializer.kaimingUniform(), inner, width),
                tensor(BIAS, Initializer.uniform(1 / Math.sqrt(width)), inner));
    }

    private static SharedTensor tensor(String name, Initializer initial, long... shape) {
        return SharedTensor.trained(new ParameterSpec(name, shape, initial));
    }

    /** [tokens, inner]. */
    <T> T encode(TensorOps<T> ops, Parameters<T> p) {
        T product = ops.matMul(p.get(EMBEDDING), ops.transpose(p.get(WEIGHT)));
        return ops.tanh(ops.add(product, p.get(BIAS)));
    }
}
