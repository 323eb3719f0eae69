package io.fedfm.runtime.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The option {@code --plugins}. */
final class PluginsOption {
    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            description =
                    "A folder of plugin jars beside the built-in ones; may be repeated."
                            + " FEDFM_PLUGINS names another.")
    List<Path> folders = List.of();
}
