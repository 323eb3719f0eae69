package io.fedfm.plugin.adapter;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;

/** Makes mixtures of adapters: {@code peft.type: mixture}. */
public final class MixtureMethodFactory implements PeftMethodFactory {
    @Override
    public String name() {
        return "mixture";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public PeftMethod create(Settings settings) {
        return new MixtureMethod(MixtureConfig.from(settings));
    }
}
