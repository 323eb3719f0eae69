package io.fedfm.runtime.cli;

import picocli.CommandLine.Command;

/** The group {@code fedfm plugins}. */
@Command(
        name = "plugins",
        aliases = "plugin",
        description = "Lists the methods, aggregators and compressors there are; starts new ones.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PluginsListCommand.class, PluginsNewCommand.class})
final class PluginsCommand {}
