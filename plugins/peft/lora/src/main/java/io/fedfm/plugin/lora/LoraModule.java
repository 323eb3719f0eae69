package io.fedfm.plugin.lora;

import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;

/**
 * {@code y + scaling * (dropout(x) A^T) B^T} with x [.., in], y [.., out], A [r, in], B [out, r].
 */
final class LoraModule implements PeftModule {
    private static final String A = "lora_A";
    private static final String B = "lora_B";

    private final LoraConfig config;
    private final List<ParameterSpec> parameters;

    LoraModule(LoraConfig config, Site site) {
        this.config = config;
        this.parameters =
                List.of(
                        new ParameterSpec(
                                A, new long[] {config.rank(), site.inputs()}, config.initialA()),
                        new ParameterSpec(
                                B,
                                new long[] {site.outputs(), config.rank()},
                                Initializer.zeros()));
    }

    @Override
    public List<ParameterSpec> parameters() {
        return parameters;
    }

    @Override
    public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T x = ops.dropout(site.input(), config.dropout());
        T low = ops.matMul(x, ops.transpose(p.get(A)));
        // Scaled while it has r columns, not when it has as many as the layer.
        T scaled = ops.scale(low, config.scaling());
        return ops.add(site.output(), ops.matMul(scaled, ops.transpose(p.get(B))));
    }
}
