package io.fedfm.plugin.vera;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;

/** Makes VeRA: {@code peft.type: vera}. */
public final class VeraMethodFactory implements PeftMethodFactory {
    @Override
    public String name() {
        return "vera";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public PeftMethod create(Settings settings) {
        return new VeraMethod(VeraConfig.from(settings));
    }
}
