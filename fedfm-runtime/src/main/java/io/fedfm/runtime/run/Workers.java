package io.fedfm.runtime.run;

import io.fedfm.runtime.config.RunConfig;

/**
 * How the cores are shared out; results do not depend on it.
 *
 * @param clients that train at once
 * @param threads of each client's sessions
 */
record Workers(int clients, int threads) {
    /** As configured; by default a client on each core, which leaves nothing to wait for. */
    static Workers of(RunConfig config, int clientsPerRound) {
        int cores = Runtime.getRuntime().availableProcessors();
        int wanted = config.simulation().workers() == 0 ? cores : config.simulation().workers();
        int clients = Math.max(1, Math.min(wanted, clientsPerRound));
        return new Workers(clients, Math.max(1, cores / clients));
    }
}
