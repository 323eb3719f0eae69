package io.fedfm.runtime.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --runs}. */
final class RunsOption {
    @Option(
            names = "--runs",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where folders of runs are made and found (default: ${DEFAULT-VALUE}).")
    Path folder = Path.of("runs");
}
