package io.fedfm.plugin.ia3;

import io.fedfm.api.Settings;
import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.SiteSelector;
import java.util.List;

/**
 * The settings of IA3, named as in the PEFT library; its defaults, which are lists for each family
 * of models there, are roles here.
 *
 * @param selector where gains go
 * @param feedForward {@code feedforward_modules}: targets whose input is scaled, not their output
 * @param start {@code init_ia3_weights}: ones, or normal numbers
 */
record Ia3Config(SiteSelector selector, List<String> feedForward, Initializer start) {
    /** The default of {@code feedforward_modules}, which need not be among the targets. */
    static final List<String> DEFAULT_FEED_FORWARD = List.of("down");

    Ia3Config {
        feedForward = List.copyOf(feedForward);
    }

    static Ia3Config from(Settings settings) {
        return new Ia3Config(
                SiteSelector.from(settings, List.of("k", "v", "down")),
                settings.texts("feedforward_modules", DEFAULT_FEED_FORWARD),
                settings.flag("init_ia3_weights", true)
                        ? Initializer.constant(1)
                        : Initializer.normal(1));
    }
}
