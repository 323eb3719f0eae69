package io.fedfm.plugin.lora;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.Site;
import java.util.List;

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
        List<Site> sites = config.selector().select(backbone);
        config.ranks().requireUsed(sites);
        config.alphas().requireUsed(sites);
        return new PeftPlan(
                sites.stream().map(site -> new Attachment(site, module(site))).toList(),
                config.biases().names(backbone, sites));
    }

    private PeftModule module(Site site) {
        LowRank update = new LowRank(config, site);
        return config.dora()
                ? new DoraModule(update, config, site)
                : new LoraModule(update, config.dropout());
    }
}
