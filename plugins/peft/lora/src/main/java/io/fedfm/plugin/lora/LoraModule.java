package io.fedfm.plugin.lora;

import io.fedfm.api.peft.Folded;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;
import java.util.Optional;

/**
 * {@code y + scaling * (dropout(x) A^T) B^T} with x [.., in], y [.., out], A [r, in], B [out, r].
 */
final class LoraModule implements PeftModule {
    private final LowRank update;
    private final double dropout;

    LoraModule(LowRank update, double dropout) {
        this.update = update;
        this.dropout = dropout;
    }

    @Override
    public List<ParameterSpec> parameters() {
        return update.parameters();
    }

    @Override
    public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T x = ops.dropout(site.input(), dropout);
        return ops.add(site.output(), update.product(ops, x, p));
    }

    @Override
    public <T> Optional<Folded<T>> fold(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T weight = ops.add(site.tensor("weight"), update.matrix(ops, p));
        return Optional.of(new Folded<>(weight, site.has("bias") ? site.tensor("bias") : null));
    }
}
