package io.fedfm.plugin.adapter;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
        List<String> roles = config.placement().roles();
        List<Site> hidden = backbone.sites(SiteKind.HIDDEN);
        Set<String> present = hidden.stream().map(Site::role).collect(Collectors.toSet());
        if (!present.containsAll(roles)) {
            throw unmatched(present);
        }
        return PeftPlan.of(
                hidden.stream()
                        .filter(site -> roles.contains(site.role()))
                        .map(site -> new Attachment(site, new AdapterModule(config, site)))
                        .toList());
    }

    private FedFmException unmatched(Set<String> present) {
        List<String> possible =
                List.of(Placement.values()).stream()
                        .filter(placement -> present.containsAll(placement.roles()))
                        .map(Placement::label)
                        .toList();
        return new FedFmException(
                ErrorCode.TARGETS_UNMATCHED,
                "placement '"
                        + config.placement().label()
                        + "' needs hidden states of the roles "
                        + config.placement().roles()
                        + "; this backbone has "
                        + (present.isEmpty() ? "none" : new TreeSet<>(present))
                        + (possible.isEmpty() ? "" : "; placements that fit it: " + possible));
    }
}
