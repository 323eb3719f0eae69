package io.fedfm.plugin.ia3;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;

/** Makes IA3: {@code peft.type: ia3}. */
public final class Ia3MethodFactory implements PeftMethodFactory {
    @Override
    public String name() {
        return "ia3";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public PeftMethod create(Settings settings) {
        return new Ia3Method(Ia3Config.from(settings));
    }
}
