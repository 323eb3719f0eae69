package io.fedfm.runtime.cli;

import picocli.CommandLine.Command;

/** The group {@code fedfm adapter}. */
@Command(
        name = "adapter",
        description = "Takes what was trained to other tools, and back.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AdapterExportCommand.class,
            AdapterImportCommand.class,
            AdapterVerifyCommand.class
        })
final class AdapterCommand {}
