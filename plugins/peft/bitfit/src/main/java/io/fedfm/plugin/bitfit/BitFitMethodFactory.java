package io.fedfm.plugin.bitfit;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.api.peft.WeightSelector;

/** Makes BitFit: {@code peft.type: bitfit}. */
public final class BitFitMethodFactory implements PeftMethodFactory {
    @Override
    public String name() {
        return "bitfit";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public PeftMethod create(Settings settings) {
        return new BitFitMethod(WeightSelector.from(settings));
    }
}
