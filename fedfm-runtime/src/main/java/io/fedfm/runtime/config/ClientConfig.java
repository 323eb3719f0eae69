package io.fedfm.runtime.config;

import io.fedfm.api.Settings;

/**
 * The section {@code client}: how a client trains.
 *
 * @param localEpochs passes over its rows in a round
 * @param batchSize rows of a step
 * @param optimizer the section {@code client.optimizer}
 * @param schedule the section {@code client.schedule}
 * @param maxGradNorm gradients are scaled down to this global norm; 0 for no clipping
 * @param gradientCheckpointing whether the backward pass computes the activations of each block
 *     again instead of keeping them
 */
public record ClientConfig(
        int localEpochs,
        int batchSize,
        Optimizer optimizer,
        Schedule schedule,
        double maxGradNorm,
        boolean gradientCheckpointing) {
    /** Checks the numbers. */
    public ClientConfig {
        Checks.that(localEpochs > 0, "localEpochs is not positive");
        Checks.that(batchSize > 0, "batchSize is not positive");
        Checks.that(maxGradNorm >= 0, "maxGradNorm is negative");
    }

    /**
     * AdamW (Loshchilov and Hutter 2019) or plain SGD.
     *
     * @param type {@code adamw} or {@code sgd}
     * @param lr learning rate
     * @param headLr learning rate of the task's head
     * @param weightDecay decoupled
     * @param beta1 of the first moment
     * @param beta2 of the second moment
     * @param epsilon added to the root of the second moment
     */
    public record Optimizer(
            String type,
            double lr,
            double headLr,
            double weightDecay,
            double beta1,
            double beta2,
            double epsilon) {
        /** Checks the numbers. */
        public Optimizer {
            Checks.that(lr > 0 && Double.isFinite(lr), "lr is not positive");
            Checks.that(headLr > 0 && Double.isFinite(headLr), "headLr is not positive");
            Checks.that(weightDecay >= 0, "weightDecay is negative");
            Checks.that(beta1 >= 0 && beta1 < 1, "beta1 is not in [0, 1)");
            Checks.that(beta2 >= 0 && beta2 < 1, "beta2 is not in [0, 1)");
            Checks.that(epsilon > 0, "epsilon is not positive");
        }

        /** An optimizer that trains the head at the same rate. */
        public Optimizer(
                String type,
                double lr,
                double weightDecay,
                double beta1,
                double beta2,
                double epsilon) {
            this(type, lr, lr, weightDecay, beta1, beta2, epsilon);
        }

        static Optimizer from(Settings settings) {
            double lr = settings.number("lr", 1e-3, 1e-12, 1000);
            return new Optimizer(
                    settings.oneOf("type", "adamw", "adamw", "sgd"),
                    lr,
                    settings.number("head_lr", lr, 1e-12, 1000),
                    settings.number("weight_decay", 0.01, 0, 1000),
                    settings.number("beta1", 0.9, 0, Math.nextDown(1.0)),
                    settings.number("beta2", 0.999, 0, Math.nextDown(1.0)),
                    settings.number("eps", 1e-8, 1e-30, 1));
        }
    }

    /**
     * How the learning rate changes over the rounds.
     *
     * @param type {@code constant}, {@code linear} or {@code cosine}
     * @param warmupRounds rounds over which it rises to its full value
     * @param minFactor the part of the rate that is left in the last round
     */
    public record Schedule(String type, int warmupRounds, double minFactor) {
        /** Checks the numbers. */
        public Schedule {
            Checks.that(warmupRounds >= 0, "warmupRounds is negative");
            Checks.that(minFactor >= 0 && minFactor <= 1, "minFactor is not in [0, 1]");
        }

        static Schedule from(Settings settings) {
            return new Schedule(
                    settings.oneOf("type", "constant", "constant", "linear", "cosine"),
                    (int) settings.integer("warmup_rounds", 0, 0, 1_000_000),
                    settings.number("min_factor", 0, 0, 1));
        }
    }

    static ClientConfig from(Settings settings) {
        return new ClientConfig(
                settings.positive("local_epochs", 1),
                settings.positive("batch_size", 16),
                Optimizer.from(settings.section("optimizer")),
                Schedule.from(settings.section("schedule")),
                settings.number("max_grad_norm", 1.0, 0, 1e12),
                settings.flag("gradient_checkpointing", false));
    }
}
