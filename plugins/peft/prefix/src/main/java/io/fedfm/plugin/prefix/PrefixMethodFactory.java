package io.fedfm.plugin.prefix;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;

/** Makes prefix tuning: {@code peft.type: prefix}. */
public final class PrefixMethodFactory implements PeftMethodFactory {
    @Override
    public String name() {
        return "prefix";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public PeftMethod create(Settings settings) {
        return new PrefixMethod(PrefixConfig.from(settings));
    }
}
