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
        Settings aggregator,
        Settings compressor) {}
