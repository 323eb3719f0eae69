package io.fedfm.runtime.cli;

import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.run.RunRequest;
import io.fedfm.runtime.run.RunService;
import io.fedfm.runtime.run.RunSummary;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedfm run}: a federation from its settings to its summary. */
@Command(
        name = "run",
        description = {
            "Runs a federation as a file of settings says, and records it in a folder of its own.",
            "Progress goes to standard error, the result to standard output."
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "Settings in YAML (default: fedfm.yaml; not needed with --resume).")
    Path file;

    @Option(
            names = "--resume",
            paramLabel = "RUN|latest",
            description = "Goes on with a run that was cut off: its id, its folder, or 'latest'.")
    String resume;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Clients that train at once; the result does not depend on it.")
    Integer workers;

    @Mixin RunningOptions options;

    private final RunService service;
    private final RunSettings settings;
    private final Console console;

    RunCommand(RunService service, RunSettings settings, Console console) {
        this.service = service;
        this.settings = settings;
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<Path> resumed =
                Optional.ofNullable(resume).map(name -> RunFolders.find(options.runs.folder, name));
        RunConfig config =
                resumed.isPresent()
                        ? settings.resumed(
                                resumed.get(), Optional.ofNullable(file), options.overrides.values)
                        : settings.fresh(Optional.ofNullable(file), options.overrides.values);
        if (workers != null) {
            config = settings.withWorkers(config, workers);
        }
        RunRequest request =
                new RunRequest(config, options.runs.folder, resumed, options.plugins.folders);
        RunSummary summary;
        try (RunOutput output = RunOutput.of(console, options.format.value)) {
            summary = service.run(request, output);
        }
        console.out()
                .print(
                        switch (options.format.value) {
                            case TEXT -> RunText.of(summary);
                            case JSON -> Json.line(RunJson.summary(summary, true)) + "\n";
                            case JSONL -> Json.line(RunJson.summary(summary, false)) + "\n";
                        });
        console.out().flush();
        return 0;
    }
}
