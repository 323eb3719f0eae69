package io.fedfm.plugin.lora;

import io.fedfm.api.peft.Folded;
import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * DoRA, LoRA with the length of each column of the weight apart from its direction (Liu et al.
 * 2024, <a href="https://arxiv.org/abs/2402.09353">arXiv:2402.09353</a>):
 *
 * <pre>
 * y = b + m / n * (x W + scaling * (x A^T) B^T)        n = |W + scaling * A^T B^T|
 * </pre>
 *
 * <p>with x [.., in], y [.., out], W [in, out], b, m and n [out], A [r, in], B [out, r]. The norm n
 * of each column carries no gradient (section 4.3); m starts at {@code |W|}. Dropout is that of x,
 * in both products.
 */
final class DoraModule implements PeftModule {
    private static final String MAGNITUDE = "lora_magnitude_vector";

    private final LowRank update;
    private final double dropout;
    private final List<ParameterSpec> parameters;

    DoraModule(LowRank update, LoraConfig config, Site site) {
        this.update = update;
        this.dropout = config.dropout();
        this.parameters = new ArrayList<>(update.parameters());
        ParameterSpec magnitude =
                new ParameterSpec(MAGNITUDE, new long[] {site.outputs()}, Initializer.constant(1));
        parameters.add(magnitude.withLearningRateFactor(config.rateOfB()));
    }

    @Override
    public List<ParameterSpec> parameters() {
        return List.copyOf(parameters);
    }

    @Override
    public <T> Optional<T> initial(String parameter, TensorOps<T> ops, SiteTensors<T> site) {
        return parameter.equals(MAGNITUDE)
                ? Optional.of(norm(ops, site.tensor("weight")))
                : Optional.empty();
    }

    @Override
    public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T x = ops.dropout(site.input(), dropout);
        T gain = gain(ops, site, p);
        T changed = ops.multiply(gain, update.product(ops, x, p));
        T stretched = ops.multiply(ops.subtract(gain, ops.constant(1)), product(ops, x, site));
        return ops.add(site.output(), ops.add(stretched, changed));
    }

    /** {@code x W}, which is there already if nothing was dropped. */
    private <T> T product(TensorOps<T> ops, T x, SiteTensors<T> site) {
        if (dropout > 0) {
            return ops.matMul(x, site.tensor("weight"));
        }
        return site.has("bias") ? ops.subtract(site.output(), site.tensor("bias")) : site.output();
    }

    private <T> T gain(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T whole = ops.add(site.tensor("weight"), update.matrix(ops, p));
        return ops.divide(p.get(MAGNITUDE), ops.stopGradient(norm(ops, whole)));
    }

    private static <T> T norm(TensorOps<T> ops, T weight) {
        return ops.sqrt(ops.sum(ops.multiply(weight, weight), 0, false));
    }

    @Override
    public <T> Optional<Folded<T>> fold(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T whole = ops.add(site.tensor("weight"), update.matrix(ops, p));
        T weight = ops.multiply(whole, gain(ops, site, p));
        return Optional.of(new Folded<>(weight, site.has("bias") ? site.tensor("bias") : null));
    }
}
