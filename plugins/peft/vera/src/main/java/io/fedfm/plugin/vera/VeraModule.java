package io.fedfm.plugin.vera;

import io.fedfm.api.peft.Folded;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;
import java.util.Optional;

/**
 * {@code y + lambda_b * ((lambda_d * (dropout(x) A^T)) B^T)} with x [.., in], y [.., out], lambda_d
 * [r], lambda_b [out]; A [r, in] and B [out, r] are cut from the shared projections.
 */
final class VeraModule implements PeftModule {
    private static final String LAMBDA_B = "vera_lambda_b";
    private static final String LAMBDA_D = "vera_lambda_d";

    private final double dropout;
    private final long inputs;
    private final long outputs;
    private final List<ParameterSpec> parameters;

    VeraModule(VeraConfig config, Site site) {
        this.dropout = config.dropout();
        this.inputs = site.inputs();
        this.outputs = site.outputs();
        this.parameters =
                List.of(
                        new ParameterSpec(LAMBDA_B, new long[] {outputs}, config.startOfB()),
                        new ParameterSpec(LAMBDA_D, new long[] {config.rank()}, config.startOfD()));
    }

    @Override
    public List<ParameterSpec> parameters() {
        return parameters;
    }

    @Override
    public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T low = ops.matMul(ops.dropout(site.input(), dropout), down(ops, p));
        return ops.add(site.output(), up(ops, low, p));
    }

    /** A, transposed: [in, r]. */
    private <T> T down(TensorOps<T> ops, Parameters<T> p) {
        return ops.transpose(ops.slice(p.get(Projections.A), 1, 0, inputs));
    }

    /** From [.., r] to [.., out], with both vectors. */
    private <T> T up(TensorOps<T> ops, T low, Parameters<T> p) {
        T b = ops.slice(p.get(Projections.B), 0, 0, outputs);
        T product = ops.matMul(ops.multiply(low, p.get(LAMBDA_D)), ops.transpose(b));
        return ops.multiply(product, p.get(LAMBDA_B));
    }

    @Override
    public <T> Optional<Folded<T>> fold(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T weight = ops.add(site.tensor("weight"), up(ops, down(ops, p), p));
        return Optional.of(new Folded<>(weight, site.has("bias") ? site.tensor("bias") : null));
    }
}
