package io.fedfm.runtime.cli;

import picocli.CommandLine.Command;

/** The group {@code fedfm model}. */
@Command(
        name = "model",
        description = "Looks into backbones.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ModelInspectCommand.class, ModelCheckCommand.class})
final class ModelCommand {}
