package io.fedfm.runtime.cli;

import io.fedfm.runtime.oracle.CheckReport;
import io.fedfm.runtime.oracle.CheckReport.MethodCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Several backbones, a line each, with the largest error of each method. */
final class CheckMatrix {
    private static final String NONE = "-";

    private final Map<Path, CheckReport> reports = new LinkedHashMap<>();
    private final Map<Path, String> refused = new LinkedHashMap<>();

    /** Adds a backbone that was checked. */
    void add(Path model, CheckReport report) {
        reports.put(model, report);
    }

    /** Adds a file that cannot be used. */
    void addRefused(Path model, String reason) {
        refused.put(model, reason);
    }

    /** Whether every backbone is as it should be. */
    boolean ok() {
        return refused.isEmpty() && reports.values().stream().allMatch(CheckReport::ok);
    }

    /** The table and its remarks, for people. */
    String text() {
        TextTable table = new TextTable(titles().toArray(String[]::new));
        rows().forEach(row -> table.row(row.toArray()));
        return table.render() + "\n" + String.join("\n", remarks()) + "\n";
    }

    /** All there is, for programs. */
    Map<String, Object> json() {
        List<Object> models = new ArrayList<>();
        reports.forEach(
                (model, report) -> {
                    Map<String, Object> object = Json.object();
                    object.put("model", model.toString());
                    object.putAll(CheckJson.of(report));
                    models.add(object);
                });
        refused.forEach(
                (model, reason) -> {
                    Map<String, Object> object = Json.object();
                    object.put("model", model.toString());
                    object.put("ok", false);
                    object.put("refused", reason);
                    models.add(object);
                });
        Map<String, Object> object = Json.object();
        object.put("ok", ok());
        object.put("models", models);
        return object;
    }

    /** Writes a page, whole or not at all. */
    void writeMarkdown(Path file) {
        MarkdownTable table = new MarkdownTable(titles());
        rows().forEach(table::row);
        StringBuilder page =
                new StringBuilder("# Gradients checked\n\n")
                        .append("The larger of `fused_vs_split` and `fused_vs_torch` for each")
                        .append(" method, and the largest `directional` of a line, as")
                        .append(" `fedfm model check` gives them. Bounds: 1e-4 (`fused_vs_split`")
                        .append(" of a backbone that rounds activations: 2e-2), and 1e-2.\n\n")
                        .append(table)
                        .append('\n');
        remarks().forEach(line -> page.append("* ").append(line).append('\n'));
        MarkdownTable.writePage(page.toString(), file);
    }

    private Set<String> methods() {
        Set<String> methods = new LinkedHashSet<>();
        reports.values().forEach(r -> r.checks().forEach(check -> methods.add(check.method())));
        return methods;
    }

    private List<String> titles() {
        List<String> titles = new ArrayList<>(List.of("model"));
        titles.addAll(methods());
        titles.addAll(List.of("directional", "ok"));
        return titles;
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        reports.forEach(
                (model, report) -> {
                    List<String> row = new ArrayList<>(List.of(name(model)));
                    methods().forEach(method -> row.add(cell(List.of(report), method)));
                    row.add(directional(List.of(report)));
                    row.add(report.ok() ? "yes" : "NO");
                    rows.add(row);
                });
        if (reports.size() > 1) {
            List<CheckReport> all = List.copyOf(reports.values());
            List<String> row = new ArrayList<>(List.of("largest"));
            methods().forEach(method -> row.add(cell(all, method)));
            row.add(directional(all));
            row.add(ok() ? "yes" : "NO");
            rows.add(row);
        }
        return rows;
    }

    private static String cell(List<CheckReport> reports, String method) {
        return largest(
                checks(reports)
                        .filter(check -> check.method().equals(method))
                        .mapToDouble(c -> Math.max(c.fusedVsSplit(), c.fusedVsTorch())));
    }

    private static String directional(List<CheckReport> reports) {
        return largest(checks(reports).mapToDouble(MethodCheck::directional));
    }

    private static Stream<MethodCheck> checks(List<CheckReport> reports) {
        return reports.stream().flatMap(report -> report.checks().stream());
    }

    private static String largest(DoubleStream values) {
        double[] all = values.toArray();
        // The largest of numbers one of which is none is none: max gives NaN.
        return all.length == 0 ? NONE : CheckText.number(DoubleStream.of(all).reduce(0, Math::max));
    }

    private List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        reports.forEach(
                (model, report) -> {
                    report.checks().stream()
                            .filter(check -> !check.ok())
                            .forEach(
                                    c -> remarks.add(remark(model, c.method() + " out of bounds")));
                    report.unsupported()
                            .forEach(line -> remarks.add(remark(model, "unsupported: " + line)));
                    report.notApplicable()
                            .forEach(line -> remarks.add(remark(model, "not applicable: " + line)));
                    if (report.sites().isEmpty()) {
                        remarks.add(remark(model, "no transformer block was found"));
                    }
                });
        refused.forEach((model, reason) -> remarks.add(remark(model, "refused: " + reason)));
        return remarks;
    }

    private static String remark(Path model, String line) {
        return name(model) + ": " + line;
    }

    /** The file's name without its end, or the folder's where the file is only "model". */
    private static String name(Path model) {
        Path path = model.toAbsolutePath().normalize();
        if (path.endsWith("model.onnx")) {
            path = path.getParent();
        }
        return String.valueOf(path.getFileName()).replaceFirst("\\.onnx$", "");
    }
}
