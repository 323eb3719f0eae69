package io.fedfm.runtime.federation;

import java.util.List;
import java.util.Map;

/**
 * What a round gave: a line of {@code metrics.jsonl}.
 *
 * @param round from 1
 * @param loss the mean training loss of the clients, weighted by their rows
 * @param metrics of the evaluation: see {@link Scores}
 * @param evaluatedRows rows of the evaluation
 * @param steps optimizer steps of all clients
 * @param communication bytes
 * @param seconds wall clock
 * @param clients what each client told, by client id
 */
public record RoundResult(
        int round,
        double loss,
        Map<String, Double> metrics,
        long evaluatedRows,
        long steps,
        Communication communication,
        Seconds seconds,
        List<ClientReport> clients) {
    /** A round from what its parts gave. */
    static RoundResult of(
            int round,
            List<ClientReport> clients,
            Scores scores,
            Communication communication,
            Seconds seconds) {
        double samples = clients.stream().mapToLong(ClientReport::samples).sum();
        return new RoundResult(
                round,
                clients.stream().mapToDouble(c -> c.loss() * c.samples() / samples).sum(),
                scores.metrics(),
                scores.rows(),
                clients.stream().mapToLong(ClientReport::steps).sum(),
                communication,
                seconds,
                clients);
    }

    /**
     * Bytes that were serialised.
     *
     * @param upBytes from all clients
     * @param downBytes to all clients
     */
    public record Communication(long upBytes, long downBytes) {
        /** Both together. */
        public Communication plus(Communication other) {
            return new Communication(upBytes + other.upBytes, downBytes + other.downBytes);
        }
    }

    /**
     * Wall clock, in seconds.
     *
     * @param total of the round
     * @param train from sending to receiving
     * @param evaluate of the evaluation
     * @param aggregate of the aggregation
     */
    public record Seconds(double total, double train, double evaluate, double aggregate) {
        /** Both together. */
        public Seconds plus(Seconds other) {
            return new Seconds(
                    total + other.total,
                    train + other.train,
                    evaluate + other.evaluate,
                    aggregate + other.aggregate);
        }
    }

    /**
     * What a client told.
     *
     * @param client its id
     * @param samples its rows
     * @param steps its optimizer steps
     * @param loss its mean training loss
     */
    public record ClientReport(int client, long samples, int steps, double loss) {}
}
