package io.fedfm.runtime.cli;

import io.fedfm.runtime.federation.RoundResult;
import io.fedfm.runtime.record.RunTotals;
import io.fedfm.runtime.run.RunSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run's summary for people. */
final class RunText {
    private RunText() {}

    /** The rounds as a table, then what the run came to. */
    static String of(RunSummary summary) {
        RunSummary.ParameterCount count = summary.parameters();
        RunTotals totals = summary.totals();
        StringBuilder text = new StringBuilder(rounds(summary, totals)).append('\n');
        line(text, "run", summary.run());
        line(text, "method", summary.method());
        line(
                text,
                "parameters",
                format(
                        "%,d in all, %,d trainable (%.3f %%)",
                        count.total(), count.trainable(), count.trainablePercent()));
        totals.metrics().forEach((name, value) -> line(text, name, format("%.4f", value)));
        line(text, "evaluated on", format("%,d rows", totals.evaluatedRows()));
        line(
                text,
                "communication",
                format(
                        "%s up, %s down",
                        bytes(totals.communication().upBytes()),
                        bytes(totals.communication().downBytes())));
        line(
                text,
                "seconds",
                format(
                        "%.1f (train %.1f, evaluate %.1f, aggregate %.1f)",
                        summary.seconds(),
                        totals.seconds().train(),
                        totals.seconds().evaluate(),
                        totals.seconds().aggregate()));
        line(text, "adapter", "sha256 " + summary.adapterSha256());
        return text.toString();
    }

    private static String rounds(RunSummary summary, RunTotals totals) {
        List<String> names = new ArrayList<>(totals.metrics().keySet());
        List<String> titles = new ArrayList<>(List.of("round", "clients", "train loss"));
        titles.addAll(names);
        titles.add("seconds");
        TextTable table = new TextTable(titles.toArray(String[]::new));
        for (RoundResult result : summary.rounds()) {
            List<Object> cells = new ArrayList<>();
            cells.add(result.round());
            cells.add(result.clients().size());
            cells.add(format("%.4f", result.loss()));
            for (String name : names) {
                Double value = result.metrics().get(name);
                cells.add(value == null ? "-" : format("%.4f", value));
            }
            cells.add(format("%.1f", result.seconds().total()));
            table.row(cells.toArray());
        }
        return table.render();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(format("%-14s %s%n", name, value));
    }

    private static String bytes(long bytes) {
        return bytes < 1_000_000 ? format("%.1f kB", bytes / 1e3) : format("%.1f MB", bytes / 1e6);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
