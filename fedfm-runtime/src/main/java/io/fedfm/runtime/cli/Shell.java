package io.fedfm.runtime.cli;

import picocli.CommandLine;

/** The command line around commands that a factory makes. */
final class Shell {
    private final CommandLine commands;
    private final Failures failures;

    Shell(CommandLine.IFactory factory, Console console) {
        failures = new Failures(console);
        commands = new CommandLine(FedFmCommand.class, factory);
        commands.setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new java.io.PrintWriter(console.out(), true))
                .setErr(new java.io.PrintWriter(console.err(), true))
                .setParameterExceptionHandler((error, args) -> failures.misused(error))
                .setExecutionExceptionHandler(
                        (error, command, parsed) -> failures.failed(error, debug(command)));
    }

    /** Runs a command; the exit code says how it went. */
    int run(String... args) {
        try {
            return commands.execute(args);
        } catch (Error e) {
            return failures.failed(e, debug(commands));
        }
    }

    private static boolean debug(CommandLine command) {
        return ((FedFmCommand) command.getCommandSpec().root().userObject()).debug;
    }
}
