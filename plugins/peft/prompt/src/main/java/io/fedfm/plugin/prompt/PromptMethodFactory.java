package io.fedfm.plugin.prompt;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;

/** Makes prompt tuning: {@code peft.type: prompt}. */
public final class PromptMethodFactory implements PeftMethodFactory {
    @Override
    public String name() {
        return "prompt";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public PeftMethod create(Settings settings) {
        return new PromptMethod(PromptConfig.from(settings));
    }
}
