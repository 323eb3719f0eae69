package io.fedfm.runtime.config;

import io.fedfm.api.Settings;

/**
 * All settings of a run.
 *
 * @param seed of every random stream
 * @param model the section {@code model}
 * @param peft the section {@code peft}, read by the method of its {@code type}
 * @param data the section {@code data}
 * @param federation the section {@code federation}
 * @param simulation the section {@code simulation}
 * @param client the section {@code client}
 */
public record RunConfig(
        long seed,
        ModelConfig model,
        Settings peft,
        DataConfig data,
        FederationConfig federation,
        Simulation simulation,
        ClientConfig client) {
    /**
     * The section {@code simulation}.
     *
     * @param backend {@code threads}
     * @param workers clients that train at once; 0 for the number of cores
     */
    public record Simulation(String backend, int workers) {}
}
