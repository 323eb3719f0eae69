package io.fedfm.plugin.ia3;

import io.fedfm.api.peft.Folded;
import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;
import java.util.Optional;

/** {@code (l * x) W + b} with l [1, in], as the PEFT library keeps it. */
final class InputGain implements PeftModule {
    private static final String L = "ia3_l";

    private final List<ParameterSpec> parameters;

    InputGain(long inputs, Initializer start) {
        this.parameters = List.of(new ParameterSpec(L, new long[] {1, inputs}, start));
    }

    @Override
    public List<ParameterSpec> parameters() {
        return parameters;
    }

    @Override
    public boolean changesInput() {
        return true;
    }

    @Override
    public <T> T applyToInput(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        return ops.multiply(site.input(), ops.reshape(p.get(L), -1));
    }

    @Override
    public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        return site.output();
    }

    @Override
    public <T> Optional<Folded<T>> fold(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T rows = ops.transpose(p.get(L));
        return Optional.of(
                new Folded<>(
                        ops.multiply(site.tensor("weight"), rows),
                        site.has("bias") ? site.tensor("bias") : null));
    }
}
