package io.fedfm.runtime.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a round did.
 *
 * @param round its number, from 1
 * @param clients how many trained
 * @param trainLoss the mean of their mean training losses, weighted by rows
 * @param metrics of the evaluation, in the order to show ({@code loss}, {@code accuracy}, ...)
 * @param steps optimiser steps of all clients
 * @param samples rows of all clients
 * @param evaluatedRows rows of the evaluation
 * @param communication bytes of this round
 * @param seconds of this round
 */
public record RoundReport(
        int round,
        int clients,
        double trainLoss,
        Map<String, Double> metrics,
        long steps,
        long samples,
        long evaluatedRows,
        Communication communication,
        Seconds seconds) {
    /** Copies the metrics, in their order. */
    public RoundReport {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
}
