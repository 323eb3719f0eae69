package io.fedfm.runtime.cli;

import io.fedfm.runtime.oracle.ModelInspector;
import io.fedfm.runtime.oracle.ModelReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code fedfm model inspect}: what a backbone takes and gives, and where modules can go. */
@Command(
        name = "inspect",
        description = "Shows what a backbone takes and gives, and where modules can go.")
final class ModelInspectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PATH", description = "An ONNX file, or a folder with model.onnx.")
    Path model;

    @Mixin FormatOption format;

    private final ModelInspector inspector;
    private final Console console;

    ModelInspectCommand(ModelInspector inspector, Console console) {
        this.inspector = inspector;
        this.console = console;
    }

    @Override
    public Integer call() {
        ModelReport report = inspector.inspect(model);
        console.out()
                .print(format.value == Format.TEXT ? text(report) : Json.line(json(report)) + "\n");
        console.out().flush();
        return 0;
    }

    private static String text(ModelReport report) {
        TextTable values = new TextTable("", "name", "type", "shape");
        report.inputs().forEach(v -> values.row("input", v.name(), v.type(), shape(v)));
        report.outputs().forEach(v -> values.row("output", v.name(), v.type(), shape(v)));
        TextTable sites = new TextTable("kind", "role", "block", "in", "out", "name", "module");
        report.sites()
                .forEach(
                        site ->
                                sites.row(
                                        site.kind().name().toLowerCase(Locale.ROOT),
                                        site.role(),
                                        site.block() < 0 ? "-" : site.block(),
                                        site.inputs(),
                                        site.outputs(),
                                        site.name(),
                                        site.modulePath()));
        return String.format(
                Locale.ROOT,
                "%s%nopset %d, %,d operators, %,d parameters%n%n%s%n%s",
                report.file(),
                report.opset(),
                report.nodes(),
                report.parameters(),
                values.render(),
                report.sites().isEmpty() ? "no site was found\n" : sites.render());
    }

    private static String shape(ModelReport.Value value) {
        return "[" + String.join(", ", value.shape()) + "]";
    }

    private static Map<String, Object> json(ModelReport report) {
        Map<String, Object> object = Json.object();
        object.put("file", report.file().toString());
        object.put("opset", report.opset());
        object.put("nodes", report.nodes());
        object.put("parameters", report.parameters());
        object.put("inputs", values(report.inputs()));
        object.put("outputs", values(report.outputs()));
        object.put(
                "sites",
                report.sites().stream()
                        .map(
                                site -> {
                                    Map<String, Object> s = Json.object();
                                    s.put("name", site.name());
                                    s.put("kind", site.kind().name().toLowerCase(Locale.ROOT));
                                    s.put("role", site.role());
                                    s.put("block", site.block());
                                    s.put("module", site.modulePath());
                                    s.put("shape", List.of(site.inputs(), site.outputs()));
                                    return s;
                                })
                        .toList());
        return object;
    }

    private static List<Map<String, Object>> values(List<ModelReport.Value> values) {
        return values.stream()
                .map(
                        value -> {
                            Map<String, Object> v = Json.object();
                            v.put("name", value.name());
                            v.put("type", value.type());
                            v.put("shape", value.shape());
                            return v;
                        })
                .toList();
    }
}
