package io.fedfm.runtime.cli;

import picocli.CommandLine.Command;

/** The group {@code fedfm plugins}. */
@Command(
        name = "plugins",
        description = "Lists the methods, aggregators and compressors there are.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = PluginsListCommand.class)
final class PluginsCommand {}
