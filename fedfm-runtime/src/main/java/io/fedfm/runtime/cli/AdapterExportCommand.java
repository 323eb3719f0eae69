package io.fedfm.runtime.cli;

import io.fedfm.runtime.export.AdapterExport;
import io.fedfm.runtime.export.ExportOptions;
import io.fedfm.runtime.export.ExportReport;
import io.fedfm.runtime.peft.Naming;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fedfm adapter export}: what a run trained, in the format of another tool. */
@Command(name = "export", description = "Writes what a run trained in the format of another tool.")
final class AdapterExportCommand implements Callable<Integer> {
    @Mixin RunChoiceOptions choice;

    @Option(
            names = "--to",
            paramLabel = "FORMAT",
            required = true,
            description = {
                "peft: a folder for the PEFT library;",
                "adapterhub: bottleneck adapters for the adapters library;",
                "safetensors: the trained tensors by name;",
                "onnx: a model with modules as nodes; merged-onnx: with modules folded into its weights;",
                "onnx-adapter: the backbone with LoRA inputs, and an .onnx_adapter."
            })
    String format;

    @Option(
            names = "--naming",
            paramLabel = "transformers4|transformers5",
            defaultValue = "transformers4",
            description = "Whose module names are written (default: ${DEFAULT-VALUE}).")
    Naming naming = Naming.TRANSFORMERS4;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "The folder to make (default: exports/FORMAT-round_N in the run's).")
    Path output;

    @Mixin FormatOption display;

    private final AdapterExport export;
    private final Console console;

    AdapterExportCommand(AdapterExport export, Console console) {
        this.export = export;
        this.console = console;
    }

    @Override
    public Integer call() {
        ExportReport report =
                export.export(
                        choice.choice(),
                        format,
                        new ExportOptions(naming),
                        Optional.ofNullable(output));
        console.out()
                .print(
                        display.value == Format.TEXT
                                ? text(report)
                                : Json.line(json(report)) + "\n");
        console.out().flush();
        return 0;
    }

    private static String text(ExportReport report) {
        TextTable files = new TextTable("file", "bytes", "sha256");
        report.files().forEach(f -> files.row(f.name(), f.bytes(), f.sha256().substring(0, 12)));
        StringBuilder text = new StringBuilder();
        report.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        return String.format(
                Locale.ROOT,
                "%s, round %d of %s, is in %s%n%n%s%s",
                report.format(),
                report.round(),
                report.run(),
                report.folder(),
                files.render(),
                text.isEmpty() ? "" : "\n" + text);
    }

    private static Map<String, Object> json(ExportReport report) {
        Map<String, Object> object = Json.object();
        object.put("run", report.run());
        object.put("round", report.round());
        object.put("format", report.format());
        object.put("folder", report.folder().toString());
        object.put(
                "files",
                report.files().stream()
                        .map(
                                f ->
                                        Map.of(
                                                "name", f.name(),
                                                "bytes", f.bytes(),
                                                "sha256", f.sha256()))
                        .toList());
        object.put("notes", report.notes());
        return object;
    }
}
