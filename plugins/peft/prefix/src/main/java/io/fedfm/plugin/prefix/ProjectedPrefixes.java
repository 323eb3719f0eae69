package io.fedfm.plugin.prefix;

import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.Site;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;

/**
 * Keys and values that a network makes: {@code h B^T + b} with h of {@link PrefixEncoder}. B [keys
 * and values, inner] and b are the rows of this attention of the PEFT library's last layer, keys
 * first.
 */
final class ProjectedPrefixes implements Prefixes {
    private static final String WEIGHT = "prefix_projection_weight";
    private static final String BIAS = "prefix_projection_bias";

    private final PrefixEncoder encoder;
    private final long heads;
    private final long keys;
    private final long all;
    private final List<ParameterSpec> parameters;

    ProjectedPrefixes(PrefixEncoder encoder, Site site) {
        this.encoder = encoder;
        this.heads = site.keyValueHeads();
        this.keys = heads * site.inputs();
        this.all = keys + heads * site.outputs();
        Initializer weight = encoder.zero() ? Initializer.zeros() : Initializer.kaimingUniform();
        Initializer bias =
                encoder.zero()
                        ? Initializer.zeros()
                        : Initializer.uniform(1 / Math.sqrt(encoder.inner()));
        this.parameters =
                List.of(
                        new ParameterSpec(WEIGHT, new long[] {all, encoder.inner()}, weight),
                        new ParameterSpec(BIAS, new long[] {all}, bias));
    }

    @Override
    public List<ParameterSpec> parameters() {
        return parameters;
    }

    @Override
    public <T> T keys(TensorOps<T> ops, Parameters<T> p) {
        return project(ops, p, 0, keys);
    }

    @Override
    public <T> T values(TensorOps<T> ops, Parameters<T> p) {
        return project(ops, p, keys, all);
    }

    private <T> T project(TensorOps<T> ops, Parameters<T> p, long from, long to) {
        T weight = ops.slice(p.get(WEIGHT), 0, from, to);
        T product = ops.matMul(encoder.encode(ops, p), ops.transpose(weight));
        T rows = ops.add(product, ops.slice(p.get(BIAS), 0, from, to));
        T heads = ops.reshape(rows, encoder.tokens(), this.heads, (to - from) / this.heads);
        return ops.permute(heads, 1, 0, 2);
    }
}
