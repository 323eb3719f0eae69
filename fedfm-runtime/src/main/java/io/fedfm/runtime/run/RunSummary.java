package io.fedfm.runtime.run;

import io.fedfm.runtime.federation.RoundResult;
import io.fedfm.runtime.record.RunTotals;
import java.util.List;
import java.util.Objects;

/**
 * What a run came to.
 *
 * @param run its id, which is the name of its folder
 * @param method the name of the PEFT method
 * @param parameters how many there are
 * @param seconds wall clock since the launcher was asked, loading included
 * @param adapterSha256 of the final trained parameters
 * @param rounds every round, those before a resumption included; at least one
 */
public record RunSummary(
        String run,
        String method,
        ParameterCount parameters,
        double seconds,
        String adapterSha256,
        List<RoundResult> rounds) {
    /** Copies the rounds. */
    public RunSummary {
        Objects.requireNonNull(run, "run is null");
        rounds = List.copyOf(rounds);
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("a run has at least one round");
        }
    }

    /**
     * Numbers of parameters.
     *
     * @param total frozen and trainable
     * @param trainable those that clients train
     */
    public record ParameterCount(long total, long trainable) {
        /** The trainable part in percent, to three decimals. */
        public double trainablePercent() {
            return Math.round(100_000.0 * trainable / total) / 1000.0;
        }
    }

    /** The rounds added up. */
    public RunTotals totals() {
        return RunTotals.of(rounds);
    }

    /** The mean training loss of the first round. */
    public double firstRoundLoss() {
        return rounds.get(0).loss();
    }
}
