package io.fedfm.plugin.ia3;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteSelector;
import java.util.List;

/**
 * IA3: trains a gain for each feature of keys and values, and for each inside the feed-forward part
 * (Liu et al. 2022, <a href="https://arxiv.org/abs/2205.05638">arXiv:2205.05638</a>).
 */
final class Ia3Method implements PeftMethod {
    private final Ia3Config config;

    Ia3Method(Ia3Config config) {
        this.config = config;
    }

    @Override
    public PeftPlan plan(Backbone backbone) {
        List<Site> sites = config.selector().select(backbone);
        requireTargets(sites);
        return PeftPlan.of(sites.stream().map(site -> new Attachment(site, module(site))).toList());
    }

    private PeftModule module(Site site) {
        boolean feedForward = config.feedForward().stream().anyMatch(entry -> matches(site, entry));
        return feedForward
                ? new InputGain(site.inputs(), config.start())
                : new OutputGain(site.outputs(), config.start());
    }

    private void requireTargets(List<Site> sites) {
        for (String entry : config.feedForward()) {
            boolean used = sites.stream().anyMatch(site -> matches(site, entry));
            if (!used && !Ia3Config.DEFAULT_FEED_FORWARD.contains(entry)) {
                throw new FedFmException(
                        ErrorCode.TARGETS_UNMATCHED,
                        "feedforward_modules: '"
                                + entry
                                + "' is none of the target_modules; name it there too");
            }
        }
    }

    /** As the PEFT library does, by the end of the name, whether or not behind a dot. */
    private static boolean matches(Site site, String entry) {
        boolean part = site.name().endsWith("]");
        return SiteSelector.matches(site, entry) || !part && site.modulePath().endsWith(entry);
    }
}
