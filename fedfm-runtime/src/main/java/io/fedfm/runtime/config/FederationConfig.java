package io.fedfm.runtime.config;

import io.fedfm.api.Settings;

/**
 * The section {@code federation}.
 *
 * @param numRounds rounds of the run
 * @param clientsPerRound clients that train in a round; 0 for all
 * @param head {@code shared} or {@code local}
 * @param aggregator the section {@code federation.aggregator}
 * @param compressor the section {@code federation.compressor}
 */
public record FederationConfig(
        int numRounds,
        int clientsPerRound,
        String head,
        PluginChoice aggregator,
        PluginChoice compressor) {
    /** Checks the numbers. */
    public FederationConfig {
        Checks.that(numRounds > 0, "numRounds is not positive");
        Checks.that(clientsPerRound >= 0, "clientsPerRound is negative");
    }

    static FederationConfig from(Settings settings) {
        boolean all = settings.text("clients_per_round", "all").equalsIgnoreCase("all");
        return new FederationConfig(
                settings.positive("num_rounds", 10),
                all ? 0 : settings.positive("clients_per_round", 1),
                settings.oneOf("head", "shared", "shared", "local"),
                PluginChoice.from(settings, "aggregator", "fedavg"),
                PluginChoice.from(settings, "compressor", "none"));
    }
}
