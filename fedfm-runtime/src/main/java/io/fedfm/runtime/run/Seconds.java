package io.fedfm.runtime.run;

/**
 * Wall-clock seconds.
 *
 * @param total of everything, loading included where it is a run's
 * @param train of local training
 * @param evaluate of evaluation
 * @param aggregate of aggregation
 */
public record Seconds(double total, double train, double evaluate, double aggregate) {
    /** All sums. */
    public Seconds plus(Seconds more) {
        return new Seconds(
                total + more.total,
                train + more.train,
                evaluate + more.evaluate,
                aggregate + more.aggregate);
    }
}
