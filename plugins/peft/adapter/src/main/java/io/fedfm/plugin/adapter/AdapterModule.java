package io.fedfm.plugin.adapter;

import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;

/** {@code h + dropout(bottleneck(h))} with h [.., hidden]. */
final class AdapterModule implements PeftModule {
    private final AdapterConfig config;
    private final Bottleneck bottleneck;

    AdapterModule(AdapterConfig config, Site site) {
        this.config = config;
        this.bottleneck =
                new Bottleneck("", site.outputs(), config.bottleneck(), config.activation());
    }

    @Override
    public List<ParameterSpec> parameters() {
        return bottleneck.parameters();
    }

    @Override
    public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T h = site.output();
        return ops.add(h, ops.dropout(bottleneck.apply(ops, h, p), config.dropout()));
    }
}
