package io.fedfm.plugin.lora;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;

/** Makes LoRA: {@code peft.type: lora}. */
public final class LoraMethodFactory implements PeftMethodFactory {
    @Override
    public String name() {
        return "lora";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public PeftMethod create(Settings settings) {
        return new LoraMethod(LoraConfig.from(settings));
    }
}
