package io.fedfm.runtime.cli;

import io.fedfm.runtime.federation.RoundResult;
import io.fedfm.runtime.run.RunListener;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Progress as a bar over all clients of all rounds, with the time left, for a person at a terminal.
 */
final class BarProgress implements RunListener, AutoCloseable {
    private static final int WIDTH = 110;

    private final PrintStream out;
    private ProgressBar bar;
    private int rounds;
    private String last = "";

    BarProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void started(String run, int firstRound, int lastRound, int clients) {
        rounds = lastRound;
        out.println("run " + run);
        bar =
                new ProgressBarBuilder()
                        .setTaskName("clients")
                        .setInitialMax((long) (lastRound - firstRound + 1) * clients)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(200)
                        .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
                        .build();
    }

    @Override
    public void clientFinished(int round) {
        bar.step();
        bar.setExtraMessage(" round " + round + "/" + rounds + last);
    }

    @Override
    public void roundFinished(RoundResult result) {
        last = " " + LineProgress.describe(result);
        bar.setExtraMessage(" round " + result.round() + "/" + rounds + last);
    }

    /** Draws the bar a last time and ends its line. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
