package io.fedfm.plugin.adapter;

import java.util.List;
import java.util.Locale;

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

    /** The roles of the sites. */
    List<String> roles() {
        return roles;
    }

    /** As settings write it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
