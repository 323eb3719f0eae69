package io.fedfm.runtime.cli;

import io.fedfm.runtime.federation.RoundResult;
import io.fedfm.runtime.run.RunListener;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/** Progress as a plain line for each round, for files and pipes. */
final class LineProgress implements RunListener {
    private final PrintStream out;
    private int rounds;

    LineProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void started(String run, int firstRound, int lastRound, int clients) {
        rounds = lastRound;
        out.printf(
                Locale.ROOT,
                "run %s: rounds %d to %d, %d clients a round%n",
                run,
                firstRound,
                lastRound,
                clients);
    }

    @Override
    public void clientFinished(int round) {
        // A line a round is enough.
    }

    @Override
    public void roundFinished(RoundResult result) {
        out.println("round " + result.round() + "/" + rounds + ": " + describe(result));
    }

    /** The losses, metrics and seconds of a round, on one line. */
    static String describe(RoundResult result) {
        StringBuilder line =
                new StringBuilder(String.format(Locale.ROOT, "train %.4f", result.loss()));
        for (Map.Entry<String, Double> metric : result.metrics().entrySet()) {
            line.append(
                    String.format(Locale.ROOT, ", %s %.4f", metric.getKey(), metric.getValue()));
        }
        return line.append(String.format(Locale.ROOT, ", %.1f s", result.seconds().total()))
                .toString();
    }
}
