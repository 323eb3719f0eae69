package io.fedfm.runtime.cli;

import com.google.inject.Guice;
import com.google.inject.Injector;
import java.nio.file.Path;
import java.util.Arrays;

/** The launcher's entry. */
public final class Main {
    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        // Before the first logger is made, which reads it.
        if (Arrays.asList(args).contains("--debug")
                && System.getProperty("fedfm.log.level") == null) {
            System.setProperty("fedfm.log.level", "debug");
        }
        Console console = Console.ofProcess();
        Injector injector =
                Guice.createInjector(
                        new CommandModule(console, Path.of("")),
                        new RuntimeModule(InstalledPlugins.ofProcess()));
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption);
        int code = new Shell(new GuiceFactory(injector), console).run(args);
        interruption.commandIsOver();
        System.exit(code);
    }
}
