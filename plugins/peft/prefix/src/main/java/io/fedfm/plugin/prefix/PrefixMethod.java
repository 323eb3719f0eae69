package io.fedfm.plugin.prefix;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.peft.VirtualTokens;
import java.util.ArrayList;
import java.util.List;

/**
 * Prefix tuning: every attention sees trained keys and values before those of the real tokens (Li
 * and Liang 2021, <a href="https://arxiv.org/abs/2101.00190">arXiv:2101.00190</a>).
 *
 * <p>The real tokens' positions are moved by the length of the prefix, as in the PEFT library.
 */
final class PrefixMethod implements PeftMethod {
    private final PrefixConfig config;

    PrefixMethod(PrefixConfig config) {
        this.config = config;
    }

    @Override
    public PeftPlan plan(Backbone backbone) {
        List<Site> sites = backbone.sites(SiteKind.ATTENTION);
        if (sites.isEmpty()) {
            throw unmatched("there is no attention in this backbone");
        }
        sites.forEach(PrefixMethod::requireHeads);
        VirtualTokens tokens = VirtualTokens.inAttention(config.tokens());
        if (!config.projected()) {
            return PeftPlan.of(attach(sites, null)).withVirtualTokens(tokens);
        }
        PrefixEncoder encoder = PrefixEncoder.of(config, sites.get(0));
        return PeftPlan.of(attach(sites, encoder))
                .withShared(encoder.shared())
                .withVirtualTokens(tokens);
    }

    private List<Attachment> attach(List<Site> sites, PrefixEncoder encoder) {
        List<Attachment> attachments = new ArrayList<>();
        for (Site site : sites) {
            Prefixes prefixes =
                    encoder == null
                            ? new PlainPrefixes(config, site)
                            : new ProjectedPrefixes(encoder, site);
            attachments.add(new Attachment(site, new PrefixModule(site, prefixes)));
        }
        return attachments;
    }

    private static void requireHeads(Site site) {
        if (site.heads() == 0 || site.keyValueHeads() == 0) {
            throw unmatched("the numbers of heads of '" + site.name() + "' are not known");
        }
    }

    private static FedFmException unmatched(String why) {
        return new FedFmException(
                ErrorCode.TARGETS_UNMATCHED,
                "prefix tuning has no place: " + why + "; choose another method");
    }
}
