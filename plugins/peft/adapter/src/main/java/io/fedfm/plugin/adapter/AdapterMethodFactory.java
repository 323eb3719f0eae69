package io.fedfm.plugin.adapter;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;

/** Makes bottleneck adapters: {@code peft.type: adapter}. */
public final class AdapterMethodFactory implements PeftMethodFactory {
    @Override
    public String name() {
        return "adapter";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public PeftMethod create(Settings settings) {
        return new AdapterMethod(AdapterConfig.from(settings));
    }
}
