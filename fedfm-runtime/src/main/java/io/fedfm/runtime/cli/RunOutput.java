package io.fedfm.runtime.cli;

import io.fedfm.runtime.federation.RoundResult;
import io.fedfm.runtime.run.RunListener;
import java.io.PrintStream;

/** What is written while a run goes: progress for people, and rounds as JSON lines. */
final class RunOutput implements RunListener, AutoCloseable {
    private final RunListener progress;
    private final PrintStream rounds;

    private RunOutput(RunListener progress, PrintStream rounds) {
        this.progress = progress;
        this.rounds = rounds;
    }

    /** A bar on a terminal, lines elsewhere; rounds on standard output for {@code jsonl}. */
    static RunOutput of(Console console, Format format) {
        RunListener progress =
                console.interactive()
                        ? new BarProgress(console.err())
                        : new LineProgress(console.err());
        return new RunOutput(progress, format == Format.JSONL ? console.out() : null);
    }

    @Override
    public void started(String run, int firstRound, int lastRound, int clients) {
        progress.started(run, firstRound, lastRound, clients);
    }

    @Override
    public void clientFinished(int round) {
        progress.clientFinished(round);
    }

    @Override
    public void roundFinished(RoundResult result) {
        progress.roundFinished(result);
        if (rounds != null) {
            rounds.println(Json.line(RunJson.round(result)));
            rounds.flush();
        }
    }

    @Override
    public void close() {
        if (progress instanceof BarProgress bar) {
            bar.close();
        }
    }
}
