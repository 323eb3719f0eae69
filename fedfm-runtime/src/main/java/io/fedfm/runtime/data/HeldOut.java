package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Which rows are held out for evaluation, before any are dealt to clients.
 *
 * @param train indices of rows to train on, ascending
 * @param heldOut indices of the other rows, ascending
 */
record HeldOut(int[] train, int[] heldOut) {
    /** Holds out a random {@code fraction} of the rows, but at least one and not all. */
    static HeldOut of(int rows, double fraction, RandomGenerator random) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "data.eval_fraction must be above 0 and below 1, was "
                            + fraction
                            + "; or name data.test_path, or set data.evaluate to train");
        }
        if (rows < 2) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID, "one row cannot be both trained on and held out");
        }
        int count = (int) Math.max(1, Math.min(rows - 1, Math.round(fraction * rows)));
        int[] order = Shuffle.order(rows, random);
        int[] heldOut = Arrays.copyOf(order, count);
        int[] train = Arrays.copyOfRange(order, count, rows);
        Arrays.sort(heldOut);
        Arrays.sort(train);
        return new HeldOut(train, heldOut);
    }
}
