package io.fedfm.runtime.cli;

import io.fedfm.api.peft.SiteKind;
import io.fedfm.runtime.oracle.CheckReport;
import io.fedfm.runtime.oracle.CheckReport.MethodCheck;
import io.fedfm.runtime.oracle.ModelCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedfm model check}: whether the gradients that fedfm derives for a backbone are right. */
@Command(
        name = "check",
        description = {
            "Proves that a backbone can be trained: compares the loss and every gradient of the"
                    + " fused graph with the split one, with PyTorch's autograd and with central"
                    + " differences, at random parameters and inputs.",
            "Exits with 1 if a difference is out of bounds, or if nothing can be trained."
        })
final class ModelCheckCommand implements Callable<Integer> {
    private static final List<SiteKind> SHOWN =
            List.of(SiteKind.LINEAR, SiteKind.HIDDEN, SiteKind.ATTENTION, SiteKind.EMBEDDING);

    @Parameters(paramLabel = "PATH", description = "An ONNX file, or a folder with model.onnx.")
    Path model;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            description = "A PEFT method to check with; may be repeated (default: all there are).")
    List<String> methods = List.of();

    @Mixin FormatOption format;
    @Mixin PluginsOption plugins;

    private final ModelCheck check;
    private final Console console;

    ModelCheckCommand(ModelCheck check, Console console) {
        this.check = check;
        this.console = console;
    }

    @Override
    public Integer call() {
        CheckReport report = check.check(model, methods, plugins.folders);
        console.out()
                .print(format.value == Format.TEXT ? text(report) : Json.line(json(report)) + "\n");
        console.out().flush();
        return report.ok() ? 0 : 1;
    }

    private static String text(CheckReport report) {
        StringBuilder text = new StringBuilder();
        SHOWN.forEach(
                kind ->
                        text.append(report.sites().getOrDefault(kind, 0))
                                .append(' ')
                                .append(name(kind))
                                .append(kind == SiteKind.EMBEDDING ? " sites, " : ", "));
        text.append(String.format(Locale.ROOT, "%,d parameters%n%n", report.parameters()));
        if (!report.checks().isEmpty()) {
            text.append(table(report.checks())).append('\n');
        }
        if (report.sites().isEmpty()) {
            text.append("no transformer block was found: there is nothing to train\n");
        }
        report.unsupported()
                .forEach(line -> text.append("unsupported: ").append(line).append('\n'));
        report.notApplicable()
                .forEach(line -> text.append("not applicable: ").append(line).append('\n'));
        return text.append(report.ok() ? "ok\n" : "not ok\n").toString();
    }

    private static String table(List<MethodCheck> checks) {
        TextTable table =
                new TextTable(
                        "method",
                        "fused vs split",
                        "fused vs torch",
                        "directional",
                        "negligible",
                        "");
        for (MethodCheck c : checks) {
            table.row(
                    c.method(),
                    number(c.fusedVsSplit()),
                    number(c.fusedVsTorch()),
                    number(c.directional()),
                    c.negligible().size(),
                    c.ok() ? "ok" : "OUT OF BOUNDS");
        }
        table.row(
                "bound",
                number(MethodCheck.EXACT),
                number(MethodCheck.EXACT),
                number(MethodCheck.APPROXIMATE),
                "",
                "");
        return table.render();
    }

    private static Map<String, Object> json(CheckReport report) {
        Map<String, Object> sites = Json.object();
        SHOWN.forEach(kind -> sites.put(name(kind), report.sites().getOrDefault(kind, 0)));
        Map<String, Object> object = Json.object();
        object.put("ok", report.ok());
        object.put("sites", sites);
        object.put("parameters", report.parameters());
        object.put("checks", report.checks().stream().map(ModelCheckCommand::json).toList());
        object.put("unsupported", report.unsupported());
        object.put("not_applicable", report.notApplicable());
        return object;
    }

    private static Map<String, Object> json(MethodCheck check) {
        Map<String, Object> object = Json.object();
        object.put("method", check.method());
        object.put("fused_vs_split", Json.finite(check.fusedVsSplit()));
        object.put("fused_vs_torch", Json.finite(check.fusedVsTorch()));
        object.put("directional", Json.finite(check.directional()));
        object.put("negligible", check.negligible());
        return object;
    }

    private static String name(SiteKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "none" : String.format(Locale.ROOT, "%.1e", value);
    }
}
