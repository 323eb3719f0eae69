package io.fedfm.plugin.vera;

import io.fedfm.api.Settings;
import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.SiteSelector;
import io.fedfm.api.peft.TrainedBiases;
import java.util.List;

/**
 * The settings of VeRA, named and defaulted as in the PEFT library.
 *
 * @param rank {@code r}, the inner dimension
 * @param selector where modules go
 * @param biases {@code bias}
 * @param dropout {@code vera_dropout}, of the input of A
 * @param startOfB of lambda_b: zeros, or ones with {@code init_weights: false}
 * @param startOfD of lambda_d: {@code d_initial}, or normal with {@code init_weights: false}
 * @param key {@code projection_prng_key}, the seed of the projections
 * @param file {@code projections}: a safetensors file with the projections to take instead; "" if
 *     there is none
 */
record VeraConfig(
        int rank,
        SiteSelector selector,
        TrainedBiases biases,
        double dropout,
        Initializer startOfB,
        Initializer startOfD,
        long key,
        String file) {

    static VeraConfig from(Settings settings) {
        double initial = settings.number("d_initial", 0.1, -Double.MAX_VALUE, Double.MAX_VALUE);
        boolean usual = settings.flag("init_weights", true);
        String file = settings.text("projections", "");
        if (!file.isEmpty() && settings.has("projection_prng_key")) {
            settings.problem("projections", "and projection_prng_key cannot both be given");
        }
        return new VeraConfig(
                settings.positive("r", 256),
                SiteSelector.from(settings, List.of("q", "v")),
                TrainedBiases.from(settings, "vera_only"),
                settings.number("vera_dropout", 0, 0, 0.99),
                usual ? Initializer.zeros() : Initializer.constant(1),
                usual ? Initializer.constant(initial) : Initializer.normal(1),
                settings.integer("projection_prng_key", 0, 0, Integer.MAX_VALUE),
                file);
    }
}
