package io.fedfm.runtime.config;

/**
 * The section {@code client}: how a client trains.
 *
 * @param localEpochs passes over its rows in a round
 * @param batchSize rows of a step
 * @param optimizer the section {@code client.optimizer}
 * @param schedule the section {@code client.schedule}
 * @param maxGradNorm gradients are scaled down to this global norm; 0 for no clipping
 */
public record ClientConfig(
        int localEpochs,
        int batchSize,
        Optimizer optimizer,
        Schedule schedule,
        double maxGradNorm) {
    /**
     * AdamW (Loshchilov and Hutter 2019) or plain SGD.
     *
     * @param type {@code adamw} or {@code sgd}
     * @param lr learning rate
     * @param weightDecay decoupled
     * @param beta1 of the first moment
     * @param beta2 of the second moment
     * @param epsilon added to the root of the second moment
     */
    public record Optimizer(
            String type,
            double lr,
            double weightDecay,
            double beta1,
            double beta2,
            double epsilon) {}

    /**
     * How the learning rate changes over the rounds.
     *
     * @param type {@code constant}, {@code linear} or {@code cosine}
     * @param warmupRounds rounds over which it rises to its full value
     * @param minFactor the part of the rate that is left in the last round
     */
    public record Schedule(String type, int warmupRounds, double minFactor) {}
}
