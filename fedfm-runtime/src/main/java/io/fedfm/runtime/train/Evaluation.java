package io.fedfm.runtime.train;

import io.fedfm.runtime.program.Outcome;

/**
 * What an evaluation found, as sums, so that evaluations can be added.
 *
 * @param rows the number of rows
 * @param labels the labels that count: a row's one, or its next tokens
 * @param lossSum the sum of the losses of these labels
 * @param correct how many of them were predicted
 * @param entities counts of entities, where labels are tags of such
 */
public record Evaluation(
        long rows, long labels, double lossSum, long correct, EntityCounts entities) {
    /** Nothing evaluated yet. */
    public static final Evaluation NONE = new Evaluation(0, 0, 0, 0, EntityCounts.NONE);

    /** The evaluation of one batch. */
    static Evaluation of(int rows, Outcome outcome) {
        return new Evaluation(
                rows,
                outcome.labels(),
                outcome.loss() * outcome.labels(),
                outcome.correct(),
                EntityCounts.NONE);
    }

    /** The same with the entities. */
    Evaluation with(EntityCounts counts) {
        return new Evaluation(rows, labels, lossSum, correct, counts);
    }

    /** Both together. */
    public Evaluation plus(Evaluation other) {
        return new Evaluation(
                rows + other.rows,
                labels + other.labels,
                lossSum + other.lossSum,
                correct + other.correct,
                entities.plus(other.entities));
    }

    /** The mean loss of a label. */
    public double loss() {
        return lossSum / labels;
    }

    /** The part of the labels that was predicted. */
    public double accuracy() {
        return (double) correct / labels;
    }

    /** {@code exp(loss)}. */
    public double perplexity() {
        return Math.exp(loss());
    }
}
