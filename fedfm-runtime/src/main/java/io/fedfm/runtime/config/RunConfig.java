package io.fedfm.runtime.config;

import io.fedfm.api.Settings;

/**
 * All settings of a run.
 *
 * @param seed of every random stream
 * @param model the section {@code model}
 * @param peft the section {@code peft}, read by the methods of its {@code type}s
 * @param data the section {@code data}
 * @param federation the section {@code federation}
 * @param simulation the section {@code simulation}
 * @param client the section {@code client}
 */
public record RunConfig(
        long seed,
        ModelConfig model,
        PeftConfig peft,
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
    public record Simulation(String backend, int workers) {
        /** Checks the number. */
        public Simulation {
            Checks.that(workers >= 0, "workers is negative");
        }

        static Simulation from(Settings settings) {
            return new Simulation(
                    settings.text("backend", "threads"),
                    (int) settings.integer("workers", 0, 0, 4096));
        }
    }

    /** Reads all sections; problems stay with the settings. */
    static RunConfig from(Settings settings, PathLookup paths) {
        ModelConfig model = ModelConfig.from(settings.section("model"), paths);
        RunConfig config =
                new RunConfig(
                        settings.integer("seed", 42, 0, 1L << 53),
                        model,
                        PeftConfig.from(settings),
                        DataConfig.from(settings.section("data"), paths, model.task()),
                        FederationConfig.from(settings.section("federation")),
                        Simulation.from(settings.section("simulation")),
                        ClientConfig.from(settings.section("client")));
        config.model.checkAgainst(config.data, settings);
        return config;
    }

    /** The same with another number of workers. */
    public RunConfig withWorkers(int workers) {
        return new RunConfig(
                seed,
                model,
                peft,
                data,
                federation,
                new Simulation(simulation.backend, workers),
                client);
    }
}
