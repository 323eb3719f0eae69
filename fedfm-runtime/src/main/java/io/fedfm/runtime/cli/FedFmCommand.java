package io.fedfm.runtime.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The launcher itself; all work is done by its commands. */
@Command(
        name = "fedfm",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        subcommands = {
            RunCommand.class,
            CompareCommand.class,
            ModelCommand.class,
            AdapterCommand.class,
            PluginsCommand.class
        },
        description = {
            "Fine-tunes foundation models across parties that do not share their data.",
            "A frozen ONNX backbone, small trained modules, and only those leave a client."
        },
        synopsisSubcommandLabel = "COMMAND",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        commandListHeading = "%nCommands:%n",
        descriptionHeading = "%n",
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 3 timeout,",
            "            4 connection or trust, 5 a defect of fedfm, 130 interrupted."
        },
        usageHelpAutoWidth = true)
final class FedFmCommand {
    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Log more, and show the stack trace of an error.")
    boolean debug;
}
