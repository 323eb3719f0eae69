package io.fedfm.plugin.full;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.api.peft.WeightSelector;

/** Makes full fine-tuning: {@code peft.type: full}. */
public final class FullMethodFactory implements PeftMethodFactory {
    @Override
    public String name() {
        return "full";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public PeftMethod create(Settings settings) {
        return new FullMethod(WeightSelector.from(settings));
    }
}
