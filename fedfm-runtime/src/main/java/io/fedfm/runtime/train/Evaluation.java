package io.fedfm.runtime.train;

import io.fedfm.runtime.program.Outcome;

/**
 * What an evaluation found, as sums, so that evaluations can be added.
 *
 * @param rows the number of rows
 * @param labels the labels that count: a row's one, or its next tokens
 * @param lossSum the sum of the losses of these labels
 * @param correct how many of them were predicted
 */
public record Evaluation(long rows, long labels, double lossSum, long correct) {
    /** Nothing evaluated yet. */
    public static final Evaluation NONE = new Evaluation(0, 0, 0, 0);

    /** The evaluation of one batch. */
    static Evaluation of(int rows, Outcome outcome) {
        return new Evaluation(
                rows, outcome.labels(), outcome.loss() * outcome.labels(), outcome.correct());
    }

    /** Both together. */
    public Evaluation plus(Evaluation other) {
        return new Evaluation(
                rows + other.rows,
                labels + other.labels,
                lossSum + other.lossSum,
                correct + other.correct);
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
