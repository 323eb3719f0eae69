package io.fedfm.plugin.lntuning;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.api.peft.WeightSelector;

/** Makes LayerNorm tuning: {@code peft.type: ln_tuning}. */
public final class LnTuningMethodFactory implements PeftMethodFactory {
    @Override
    public String name() {
        return "ln_tuning";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public PeftMethod create(Settings settings) {
        return new LnTuningMethod(WeightSelector.from(settings));
    }
}
