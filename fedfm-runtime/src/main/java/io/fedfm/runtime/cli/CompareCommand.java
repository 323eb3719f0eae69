package io.fedfm.runtime.cli;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.run.RunRequest;
import io.fedfm.runtime.run.RunService;
import io.fedfm.runtime.run.RunSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedfm compare}: the same federation with several methods, as one table. */
@Command(
        name = "compare",
        description = {
            "Runs the variants of a file of settings one after the other and compares them.",
            "Its section 'compare' maps names to the settings that each variant changes."
        })
final class CompareCommand implements Callable<Integer> {
    @Parameters(arity = "1", paramLabel = "FILE", description = "Settings in YAML.")
    Path file;

    @Option(
            names = "--methods",
            paramLabel = "NAME",
            split = ",",
            description = "Variants of the file, or PEFT methods with their own defaults.")
    List<String> methods = List.of();

    @Option(
            names = "--resume",
            description = "Goes on with runs of the same settings that are in the folder of runs.")
    boolean resume;

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description = "Also writes the table, with the comment the settings begin with.")
    Path markdown;

    @Mixin RunningOptions options;

    private final RunService service;
    private final RunSettings settings;
    private final Console console;

    CompareCommand(RunService service, RunSettings settings, Console console) {
        this.service = service;
        this.settings = settings;
        this.console = console;
    }

    @Override
    public Integer call() {
        Map<String, RunConfig> variants =
                settings.variants(file, methods, options.overrides.values);
        Comparison comparison = new Comparison();
        variants.forEach(
                (name, config) -> {
                    console.err().println(name);
                    try {
                        comparison.add(name, config, run(config));
                    } catch (FedFmException e) {
                        if (e.code() != ErrorCode.TARGETS_UNMATCHED) {
                            throw e;
                        }
                        comparison.addUnfit(name, e.getMessage());
                        console.err().println(e.getMessage());
                    }
                    if (options.format.value == Format.JSONL) {
                        console.out().println(Json.line(comparison.json(name)));
                        console.out().flush();
                    }
                });
        if (markdown != null) {
            comparison.writeMarkdown(settings.introduction(file), markdown);
        }
        switch (options.format.value) {
            case TEXT -> console.out().print(comparison.text());
            case JSON -> console.out().println(Json.line(comparison.json()));
            case JSONL -> {}
        }
        console.out().flush();
        return 0;
    }

    private RunSummary run(RunConfig config) {
        Optional<Path> folder =
                resume ? RunFolders.of(options.runs.folder, config) : Optional.empty();
        try (RunOutput output = RunOutput.of(console, Format.TEXT)) {
            return service.run(
                    new RunRequest(config, options.runs.folder, folder, options.plugins.folders),
                    output);
        }
    }
}
