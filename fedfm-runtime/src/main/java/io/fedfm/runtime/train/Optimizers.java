package io.fedfm.runtime.train;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.config.ClientConfig;

/** Makes the optimizer that {@code client.optimizer} asks for. */
final class Optimizers {
    private Optimizers() {}

    static Optimizer create(ClientConfig.Optimizer config, RateFactors factors) {
        return switch (config.type()) {
            case "adamw" -> new AdamW(config, factors);
            case "sgd" -> new Sgd(config.weightDecay(), factors);
            default ->
                    throw new FedFmException(
                            ErrorCode.SETTINGS_INVALID,
                            "client.optimizer.type must be adamw or sgd, was '"
                                    + config.type()
                                    + "'");
        };
    }
}
