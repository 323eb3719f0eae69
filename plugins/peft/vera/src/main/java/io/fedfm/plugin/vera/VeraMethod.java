package io.fedfm.plugin.vera;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.Site;
import java.util.List;

/**
 * VeRA: trains two vectors for each layer around a pair of random projections that all layers share
 * (Kopiczko et al. 2024, <a href="https://arxiv.org/abs/2310.11454">arXiv:2310.11454</a>).
 *
 * <p>The projections are as large as the largest layer needs; a layer takes their first columns and
 * rows. They are never trained and never sent.
 */
final class VeraMethod implements PeftMethod {
    private final VeraConfig config;

    VeraMethod(VeraConfig config) {
        this.config = config;
    }

    @Override
    public PeftPlan plan(Backbone backbone) {
        List<Site> sites = config.selector().select(backbone);
        long inputs = sites.stream().mapToLong(Site::inputs).max().orElseThrow();
        long outputs = sites.stream().mapToLong(Site::outputs).max().orElseThrow();
        Projections projections =
                config.file().isEmpty()
                        ? Projections.drawn(config.key(), config.rank(), inputs, outputs)
                        : Projections.read(config.file(), config.rank(), inputs, outputs);
        return new PeftPlan(
                        sites.stream()
                                .map(site -> new Attachment(site, new VeraModule(config, site)))
                                .toList(),
                        config.biases().names(backbone, sites))
                .withShared(projections.tensors());
    }
}
