package io.fedfm.runtime.cli;

import io.fedfm.runtime.export.RunChoice;
import java.util.OptionalInt;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments that choose the parameters of a run. */
final class RunChoiceOptions {
    @Parameters(paramLabel = "RUN", description = "The id of a run, its folder, or 'latest'.")
    String run;

    @Option(
            names = "--round",
            paramLabel = "N",
            description = "The round whose checkpoint is taken (default: the last one).")
    Integer round;

    @Option(
            names = "--client",
            paramLabel = "N",
            description = "The client whose own head is taken, where federation.head is local.")
    Integer client;

    @Mixin RunsOption runs;
    @Mixin PluginsOption plugins;

    RunChoice choice() {
        return new RunChoice(
                RunFolders.find(runs.folder, run), of(round), of(client), plugins.folders);
    }

    private static OptionalInt of(Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
