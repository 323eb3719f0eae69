package io.fedfm.plugin.lora;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.SiteSelector;

/**
 * LoRA: trains a low-rank update of chosen frozen linear layers (Hu et al. 2021, <a
 * href="https://arxiv.org/abs/2106.09685">arXiv:2106.09685</a>).
 */
final class LoraMethod implements PeftMethod {
    private final LoraConfig config;

    LoraMethod(LoraConfig config) {
        this.config = config;
    }

    @Override
    public PeftPlan plan(Backbone backbone) {
        return PeftPlan.of(
                SiteSelector.linear(backbone, config.targets()).stream()
                        .map(site -> new Attachment(site, new LoraModule(config, site)))
                        .toList());
    }
}
