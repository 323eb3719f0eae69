package io.fedfm.runtime.record;

import io.fedfm.runtime.federation.RoundResult;
import java.util.List;
import java.util.Map;

/**
 * What a run came to, over all its rounds.
 *
 * @param rounds how many
 * @param metrics of the last round
 * @param evaluatedRows rows of the last round's evaluation
 * @param steps optimizer steps of all clients
 * @param communication bytes
 * @param seconds wall clock of the rounds
 */
public record RunTotals(
        int rounds,
        Map<String, Double> metrics,
        long evaluatedRows,
        long steps,
        RoundResult.Communication communication,
        RoundResult.Seconds seconds) {
    /** Adds rounds up; there must be one. */
    public static RunTotals of(List<RoundResult> rounds) {
        RoundResult last = rounds.get(rounds.size() - 1);
        return new RunTotals(
                rounds.size(),
                last.metrics(),
                last.evaluatedRows(),
                rounds.stream().mapToLong(RoundResult::steps).sum(),
                rounds.stream()
                        .map(RoundResult::communication)
                        .reduce(
                                new RoundResult.Communication(0, 0),
                                RoundResult.Communication::plus),
                rounds.stream()
                        .map(RoundResult::seconds)
                        .reduce(new RoundResult.Seconds(0, 0, 0, 0), RoundResult.Seconds::plus));
    }
}
