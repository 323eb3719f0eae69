package io.fedfm.runtime.cli;

import io.fedfm.runtime.config.ConfigReader;
import io.fedfm.runtime.run.AdapterImport;
import io.fedfm.runtime.run.AdapterImport.ImportedRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedfm adapter import}: an adapter of the PEFT library as a run in round 0. */
@Command(
        name = "import",
        description = {
            "Makes a run, in round 0, of an adapter that the PEFT library saved.",
            "With settings it can be trained on: fedfm run --resume RUN."
        })
final class AdapterImportCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "DIR",
            description = "A folder with adapter_config.json and adapter_model.safetensors.")
    Path adapter;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "Settings in YAML, to train on; the section peft is the adapter's.")
    Path file;

    @Option(
            names = "--model",
            paramLabel = "PATH",
            description = "The model that the adapter is for (in place of model.path).")
    Path model;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "KEY=VALUE",
            description = "A setting laid over the file's: -c model.pooling=first.")
    List<String> overrides = List.of();

    @Option(
            names = "--runs",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where folders of runs are made (default: ${DEFAULT-VALUE}).")
    Path runs = Path.of("runs");

    @Mixin FormatOption format;
    @Mixin PluginsOption plugins;

    private final AdapterImport service;
    private final Path workingDirectory;
    private final Console console;

    AdapterImportCommand(AdapterImport service, Path workingDirectory, Console console) {
        this.service = service;
        this.workingDirectory = workingDirectory;
        this.console = console;
    }

    @Override
    public Integer call() {
        List<String> all = new ArrayList<>(overrides);
        if (model != null) {
            all.add("model.path=" + model);
        }
        ImportedRun run =
                service.make(
                        new AdapterImport.Request(
                                adapter,
                                new ConfigReader(workingDirectory),
                                Optional.ofNullable(file),
                                all,
                                runs,
                                plugins.folders));
        console.out().print(format.value == Format.TEXT ? text(run) : Json.line(json(run)) + "\n");
        console.out().flush();
        return 0;
    }

    private static String text(ImportedRun run) {
        return String.format(
                Locale.ROOT,
                "%s, %,d parameters, is round 0 of %s%n%s",
                run.method(),
                run.parameters(),
                run.folder(),
                run.freshHead() ? "note: the adapter has no head; one starts at random\n" : "");
    }

    private static Map<String, Object> json(ImportedRun run) {
        Map<String, Object> object = Json.object();
        object.put("run", run.folder().getFileName().toString());
        object.put("folder", run.folder().toString());
        object.put("method", run.method());
        object.put("parameters", run.parameters());
        object.put("fresh_head", run.freshHead());
        return object;
    }
}
