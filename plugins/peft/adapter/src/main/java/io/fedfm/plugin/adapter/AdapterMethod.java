package io.fedfm.plugin.adapter;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;

/**
 * Bottleneck adapters: small residual networks on the hidden states of the blocks (Houlsby et al.
 * 2019, <a href="https://arxiv.org/abs/1902.00751">arXiv:1902.00751</a>; Pfeiffer et al. 2021, <a
 * href="https://arxiv.org/abs/2005.00247">arXiv:2005.00247</a>).
 */
final class AdapterMethod implements PeftMethod {
    private final AdapterConfig config;

    AdapterMethod(AdapterConfig config) {
        this.config = config;
    }

    @Override
    public PeftPlan plan(Backbone backbone) {
        return PeftPlan.of(
                config.sites(backbone).stream()
                        .map(site -> new Attachment(site, new AdapterModule(config, site)))
                        .toList());
    }
}
