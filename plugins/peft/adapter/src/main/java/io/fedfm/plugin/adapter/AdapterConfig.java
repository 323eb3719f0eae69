package io.fedfm.plugin.adapter;

import io.fedfm.api.Settings;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.LayerFilter;
import io.fedfm.api.peft.Site;
import java.util.List;

/**
 * The settings of bottleneck adapters.
 *
 * @param bottleneck the width between the two projections
 * @param activation between them
 * @param placement where in a block adapters sit
 * @param layers {@code layers_to_transform}, the blocks that have adapters
 * @param dropout {@code adapter_dropout}, of what is added to the hidden state
 */
record AdapterConfig(
        int bottleneck,
        Activation activation,
        Placement placement,
        LayerFilter layers,
        double dropout) {
    static AdapterConfig from(Settings settings) {
        return new AdapterConfig(
                settings.positive("bottleneck", 16),
                Activation.named(
                        settings.oneOf("activation", "relu", "relu", "gelu", "tanh", "silu")),
                Placement.named(
                        settings.oneOf(
                                "placement", "after_norm", "after_norm", "houlsby", "pfeiffer")),
                LayerFilter.from(settings),
                settings.number("adapter_dropout", 0, 0, 0.99));
    }

    /** The hidden states that get an adapter. */
    List<Site> sites(Backbone backbone) {
        return layers.of(placement.sites(backbone));
    }
}
