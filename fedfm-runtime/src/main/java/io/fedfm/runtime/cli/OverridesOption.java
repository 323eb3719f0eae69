package io.fedfm.runtime.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** The option {@code -c}. */
final class OverridesOption {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "KEY=VALUE",
            description = "A setting laid over the file's: -c client.optimizer.lr=1e-3.")
    List<String> values = List.of();
}
