package io.fedfm.runtime.export;

import java.util.List;

/**
 * How far the logits of an export are from those of its run.
 *
 * @param run the run's id
 * @param round whose parameters were compared
 * @param loaded what the export was loaded as
 * @param comparisons one for each shape of inputs
 */
public record VerificationReport(
        String run, int round, String loaded, List<Comparison> comparisons) {
    /** The largest difference that is taken for rounding, of logits around 1. */
    public static final double BOUND = 1e-4;

    /** Copies the list. */
    public VerificationReport {
        comparisons = List.copyOf(comparisons);
    }

    /**
     * The logits of one batch.
     *
     * @param rows of the batch
     * @param length tokens of a row, the last row padded; 0 for images
     * @param difference the largest absolute difference; NaN if the logits have another number or
     *     are not finite
     * @param largest the largest absolute logit of the run
     */
    public record Comparison(int rows, int length, double difference, double largest) {
        /** Whether the difference is rounding: numbers above 1 are rounded in proportion. */
        public boolean ok() {
            return difference <= BOUND * Math.max(1, largest);
        }
    }

    /** The largest difference; NaN if one is. */
    public double difference() {
        return comparisons.stream().mapToDouble(Comparison::difference).reduce(0, Math::max);
    }

    /** Whether all differences are rounding. */
    public boolean ok() {
        return comparisons.stream().allMatch(Comparison::ok);
    }
}
