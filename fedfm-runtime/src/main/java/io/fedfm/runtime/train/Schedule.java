package io.fedfm.runtime.train;

import ai.djl.training.tracker.LinearTracker;
import ai.djl.training.tracker.Tracker;
import ai.djl.training.tracker.WarmUpTracker;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.config.ClientConfig;

/**
 * The learning rate of a round: it rises linearly over the warm-up rounds to its full value, which
 * it has in the last of them, and then stays, or falls by a line or half a cosine to {@code
 * min_factor} of it in the last round.
 */
public final class Schedule {
    private final double rate;
    private final Tracker factor;
    private final int firstUpdate;

    /** The schedule of a run of so many rounds. */
    public Schedule(ClientConfig.Schedule config, double rate, int rounds) {
        this.rate = rate;
        int warmup = config.warmupRounds();
        int updates = Math.max(1, rounds - Math.max(1, warmup));
        Tracker main = main(config, updates);
        this.factor =
                warmup == 0
                        ? main
                        : Tracker.warmUp()
                                .optWarmUpSteps(warmup)
                                .optWarmUpBeginValue(0)
                                .optWarmUpMode(WarmUpTracker.Mode.LINEAR)
                                .setMainTracker(main)
                                .build();
        this.firstUpdate = warmup == 0 ? 0 : 1;
    }

    /** The rate of a round, from 1. */
    public double rate(int round) {
        return rate * factor.getNewValue(round - 1 + firstUpdate);
    }

    private static Tracker main(ClientConfig.Schedule config, int updates) {
        float last = (float) config.minFactor();
        return switch (config.type()) {
            case "constant" -> Tracker.fixed(1);
            case "linear" ->
                    LinearTracker.builder()
                            .setBaseValue(1)
                            .optSlope((last - 1) / updates)
                            .optMaxUpdates(updates)
                            .build();
            case "cosine" ->
                    Tracker.cosine()
                            .setBaseValue(1)
                            .optFinalValue(last)
                            .setMaxUpdates(updates)
                            .build();
            default ->
                    throw new FedFmException(
                            ErrorCode.SETTINGS_INVALID,
                            "client.schedule.type must be constant, linear or cosine, was '"
                                    + config.type()
                                    + "'");
        };
    }
}
