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

/** {@code l * (x W + b)} with l [out, 1], as the PEFT library keeps it. */
final class OutputGain implements PeftModule {
    private static final String L = "ia3_l";

    private final List<ParameterSpec> parameters;

    OutputGain(long outputs, Initializer start) {
        this.parameters = List.of(new ParameterSpec(L, new long[] {outputs, 1}, start));
    }

    @Override
    public List<ParameterSpec> parameters() {
        return parameters;
    }

    @Override
    public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        return ops.multiply(site.output(), gain(ops, p));
    }

    private static <T> T gain(TensorOps<T> ops, Parameters<T> p) {
        return ops.reshape(p.get(L), -1);
    }

    @Override
    public <T> Optional<Folded<T>> fold(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T gain = gain(ops, p);
        T bias = site.has("bias") ? ops.multiply(site.tensor("bias"), gain) : null;
        return Optional.of(new Folded<>(ops.multiply(site.tensor("weight"), gain), bias));
    }
}
