package io.fedfm.runtime.run;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a run came to.
 *
 * @param run its id, which is the name of its folder
 * @param method the name of the PEFT method
 * @param parameters how many there are
 * @param seconds of the whole run; training, evaluation and aggregation summed over the rounds
 * @param adapterSha256 of the final trained parameters
 * @param history every round, those before a resumption included; at least one
 */
public record RunSummary(
        String run,
        String method,
        ParameterCount parameters,
        Seconds seconds,
        String adapterSha256,
        List<RoundReport> history) {
    /** Copies the history. */
    public RunSummary {
        Objects.requireNonNull(run, "run is null");
        history = List.copyOf(history);
        if (history.isEmpty()) {
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

    /** The number of rounds. */
    public int rounds() {
        return history.size();
    }

    /** The metrics after the last round. */
    public Map<String, Double> metrics() {
        return last().metrics();
    }

    /** The mean training loss of the first round. */
    public double firstRoundLoss() {
        return history.get(0).trainLoss();
    }

    /** Optimiser steps, summed over the rounds. */
    public long steps() {
        return history.stream().mapToLong(RoundReport::steps).sum();
    }

    /** Rows of one evaluation. */
    public long evaluatedRows() {
        return last().evaluatedRows();
    }

    /** Bytes, summed over the rounds. */
    public Communication communication() {
        return history.stream()
                .map(RoundReport::communication)
                .reduce(new Communication(0, 0), Communication::plus);
    }

    private RoundReport last() {
        return history.get(history.size() - 1);
    }
}
