package io.fedfm.runtime.cli;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.config.ResolvedConfig;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.federation.RoundResult;
import io.fedfm.runtime.record.Durable;
import io.fedfm.runtime.run.RunSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Runs side by side: a line for each. */
final class Comparison {
    private Comparison() {}

    /** A table for people. */
    static String text(Map<String, RunSummary> summaries) {
        Set<String> metrics = metrics(summaries);
        TextTable table = new TextTable(titles(metrics).toArray(String[]::new));
        summaries.forEach((name, summary) -> table.row(cells(name, summary, metrics).toArray()));
        return table.render();
    }

    /** All lines as one object. */
    static Map<String, Object> json(Map<String, RunSummary> summaries) {
        Map<String, Object> object = Json.object();
        List<Object> variants = new ArrayList<>();
        summaries.forEach((name, summary) -> variants.add(json(name, summary)));
        object.put("variants", variants);
        return object;
    }

    /** One line. */
    static Map<String, Object> json(String name, RunSummary summary) {
        Map<String, Object> object = Json.object();
        object.put("name", name);
        object.put("bytes_per_round", bytesPerRound(summary));
        object.put("seconds_per_round", secondsPerRound(summary));
        object.putAll(RunJson.summary(summary, false));
        return object;
    }

    /**
     * Writes a page, whole or not at all: the introduction, whose first line is the heading, and
     * the table.
     */
    static void writeMarkdown(
            String introduction,
            Map<String, RunConfig> variants,
            Map<String, RunSummary> summaries,
            Path file) {
        Set<String> metrics = metrics(summaries);
        List<String> titles = new ArrayList<>(titles(metrics));
        titles.addAll(List.of("settings", "learning rate"));
        StringBuilder page = new StringBuilder("# ").append(introduction).append("\n\n");
        row(page, titles);
        row(page, titles.stream().map(title -> "---").toList());
        summaries.forEach(
                (name, summary) -> {
                    RunConfig config = variants.get(name);
                    List<Object> cells = new ArrayList<>(cells(name, summary, metrics));
                    cells.add("`" + ResolvedConfig.peft(config) + "`");
                    cells.add(config.client().optimizer().lr());
                    row(page, cells);
                });
        try {
            Durable.write(file.toAbsolutePath(), page.toString());
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.RUN_FAILED, file + " cannot be written: " + Durable.reason(e), e);
        }
    }

    private static void row(StringBuilder page, List<?> cells) {
        cells.forEach(cell -> page.append("| ").append(cell).append(' '));
        page.append("|\n");
    }

    private static Set<String> metrics(Map<String, RunSummary> summaries) {
        Set<String> names = new LinkedHashSet<>();
        summaries.values().forEach(summary -> names.addAll(summary.totals().metrics().keySet()));
        return names;
    }

    private static List<String> titles(Set<String> metrics) {
        List<String> titles =
                new ArrayList<>(List.of("method", "trainable", "trainable %", "bytes/round"));
        titles.addAll(metrics);
        titles.add("s/round");
        return titles;
    }

    private static List<String> cells(String name, RunSummary summary, Set<String> metrics) {
        List<String> cells = new ArrayList<>();
        cells.add(name);
        cells.add(format("%,d", summary.parameters().trainable()));
        cells.add(format("%.3f", summary.parameters().trainablePercent()));
        cells.add(format("%,d", bytesPerRound(summary)));
        Map<String, Double> values = summary.totals().metrics();
        for (String metric : metrics) {
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
