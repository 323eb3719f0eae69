package io.fedfm.plugin.adapter;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;

/**
 * Mixtures of adapters, gated by task: all tasks share the adapters, and each has gates of its own
 * that weigh them. The experts are bottleneck adapters (Houlsby et al. 2019, <a
 * href="https://arxiv.org/abs/1902.00751">arXiv:1902.00751</a>); a softmax gate for each task mixes
 * them as in the multi-gate mixture of experts (Ma et al. 2018, <a
 * href="https://doi.org/10.1145/3219819.3220007">doi:10.1145/3219819.3220007</a>), without a look
 * at the input.
 */
final class MixtureMethod implements PeftMethod {
    private final MixtureConfig config;

    MixtureMethod(MixtureConfig config) {
        this.config = config;
    }

    @Override
    public PeftPlan plan(Backbone backbone) {
        return PeftPlan.of(
                        config.adapter().sites(backbone).stream()
                                .map(site -> new Attachment(site, new MixtureModule(config, site)))
                                .toList())
                .withTasks(config.tasks());
    }
}
