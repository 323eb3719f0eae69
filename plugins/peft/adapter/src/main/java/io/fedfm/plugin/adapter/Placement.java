package io.fedfm.plugin.adapter;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where in a block adapters sit, as the roles of hidden sites. */
enum Placement {
    /** After each of the two norms of a post-norm block. */
    AFTER_NORM("attention_norm", "ffn_norm"),
    /** On the output of both sublayers, before the residual sum (Houlsby et al. 2019). */
    HOULSBY("attention_output", "ffn_output"),
    /** On the output of the feed-forward sublayer alone (Pfeiffer et al. 2021). */
    PFEIFFER("ffn_output");

    private final List<String> roles;

    Placement(String... roles) {
        this.roles = List.of(roles);
    }

    static Placement named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** As settings write it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The hidden states of this placement.
     *
     * @throws FedFmException TARGETS_UNMATCHED if the backbone lacks some of them
     */
    List<Site> sites(Backbone backbone) {
        List<Site> hidden = backbone.sites(SiteKind.HIDDEN);
        Set<String> present = hidden.stream().map(Site::role).collect(Collectors.toSet());
        if (!present.containsAll(roles)) {
            throw unmatched(present);
        }
        return hidden.stream().filter(site -> roles.contains(site.role())).toList();
    }

    private FedFmException unmatched(Set<String> present) {
        List<String> possible =
                Stream.of(values())
                        .filter(placement -> present.containsAll(placement.roles))
                        .map(Placement::label)
                        .toList();
        return new FedFmException(
                ErrorCode.TARGETS_UNMATCHED,
                "placement '"
                        + label()
                        + "' needs hidden states of the roles "
                        + roles
                        + "; this backbone has "
                        + (present.isEmpty() ? "none" : new TreeSet<>(present))
                        + (possible.isEmpty() ? "" : "; placements that fit it: " + possible));
    }
}
