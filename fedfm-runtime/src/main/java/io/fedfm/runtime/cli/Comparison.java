package io.fedfm.runtime.cli;

import io.fedfm.runtime.config.ResolvedConfig;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.federation.RoundResult;
import io.fedfm.runtime.run.RunSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Runs side by side: a line for each, and the reason where a method has no place in a backbone. */
final class Comparison {
    private final Map<String, RunConfig> configs = new LinkedHashMap<>();
    private final Map<String, RunSummary> summaries = new LinkedHashMap<>();
    private final Map<String, String> unfit = new LinkedHashMap<>();

    /** Adds a variant that has run. */
    void add(String name, RunConfig config, RunSummary summary) {
        configs.put(name, config);
        summaries.put(name, summary);
    }

    /** Adds a variant that cannot run in this backbone. */
    void addUnfit(String name, String reason) {
        unfit.put(name, reason);
    }

    /** A table for people. */
    String text() {
        TextTable table = new TextTable(titles().toArray(String[]::new));
        summaries.keySet().forEach(name -> table.row(cells(name).toArray()));
        StringBuilder text = new StringBuilder(table.render());
        unfit.forEach((name, reason) -> text.append('\n').append(unfit(name, reason)));
        return text.append(unfit.isEmpty() ? "" : "\n").toString();
    }

    /** All lines as one object. */
    Map<String, Object> json() {
        Map<String, Object> object = Json.object();
        List<Object> variants = new ArrayList<>();
        summaries.keySet().forEach(name -> variants.add(json(name)));
        unfit.keySet().forEach(name -> variants.add(json(name)));
        object.put("variants", variants);
        return object;
    }

    /** One line. */
    Map<String, Object> json(String name) {
        Map<String, Object> object = Json.object();
        object.put("name", name);
        RunSummary summary = summaries.get(name);
        if (summary == null) {
            object.put("not_applicable", unfit.get(name));
            return object;
        }
        object.put("bytes_per_round", bytesPerRound(summary));
        object.put("seconds_per_round", secondsPerRound(summary));
        object.putAll(RunJson.summary(summary, false));
        return object;
    }

    /**
     * Writes a page, whole or not at all: the introduction, whose first line is the heading, and
     * the table.
     */
    void writeMarkdown(String introduction, Path file) {
        List<String> titles = new ArrayList<>(titles());
        titles.addAll(List.of("settings", "learning rate"));
        MarkdownTable table = new MarkdownTable(titles);
        for (String name : summaries.keySet()) {
            RunConfig config = configs.get(name);
            List<Object> cells = new ArrayList<>(cells(name));
            cells.add("`" + ResolvedConfig.peft(config) + "`");
            cells.add(config.client().optimizer().lr());
            table.row(cells);
        }
        StringBuilder page =
                new StringBuilder("# ").append(introduction).append("\n\n").append(table);
        unfit.forEach((name, reason) -> page.append("\n").append(unfit(name, reason)).append("\n"));
        MarkdownTable.writePage(page.toString(), file);
    }

    private static String unfit(String name, String reason) {
        return name + ": not applicable, " + reason;
    }

    private Set<String> metrics() {
        Set<String> names = new LinkedHashSet<>();
        summaries.values().forEach(summary -> names.addAll(summary.totals().metrics().keySet()));
        return names;
    }

    private List<String> titles() {
        List<String> titles =
                new ArrayList<>(List.of("method", "trainable", "trainable %", "bytes/round"));
        titles.addAll(metrics());
        titles.add("s/round");
        return titles;
    }

    private List<String> cells(String name) {
        RunSummary summary = summaries.get(name);
        List<String> cells = new ArrayList<>();
        cells.add(name);
        cells.add(format("%,d", summary.parameters().trainable()));
        cells.add(format("%.3f", summary.parameters().trainablePercent()));
        cells.add(format("%,d", bytesPerRound(summary)));
        Map<String, Double> values = summary.totals().metrics();
        for (String metric : metrics()) {
            Double value = values.get(metric);
            cells.add(value == null ? "-" : format("%.4f", value));
        }
        cells.add(format("%.1f", secondsPerRound(summary)));
        return cells;
    }

    /** Bytes both ways, on average. */
    private static long bytesPerRound(RunSummary summary) {
        RoundResult.Communication all = summary.totals().communication();
        return (all.upBytes() + all.downBytes()) / summary.rounds().size();
    }

    /** The median, evaluation included. */
    private static double secondsPerRound(RunSummary summary) {
        double[] sorted =
                summary.rounds().stream()
                        .mapToDouble(round -> round.seconds().total())
                        .sorted()
                        .toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
