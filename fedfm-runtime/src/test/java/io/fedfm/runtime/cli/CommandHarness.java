package io.fedfm.runtime.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import io.fedfm.runtime.export.AdapterExport;
import io.fedfm.runtime.export.AdapterVerification;
import io.fedfm.runtime.oracle.ModelCheck;
import io.fedfm.runtime.oracle.ModelInspector;
import io.fedfm.runtime.run.AdapterImport;
import io.fedfm.runtime.run.RunService;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs commands in this JVM on services that a test makes, and keeps what they write. */
final class CommandHarness {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Path workingDirectory;

    RunService runs = (request, listener) -> unexpected();
    ModelInspector inspector = model -> unexpected();
    ModelCheck check = (model, methods, folders) -> unexpected();
    AdapterVerification verification = (folder, choice, seed, save) -> unexpected();
    PluginCatalog catalog = folders -> List.of();
    AdapterExport export = (choice, format, options, output) -> unexpected();
    AdapterImport adapterImport = request -> unexpected();
    boolean interactive;

    CommandHarness(Path workingDirectory) {
        this.workingDirectory = workingDirectory;
    }

    int run(String... args) {
        out.reset();
        err.reset();
        Console console =
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        interactive);
        Injector injector =
                Guice.createInjector(
                        new CommandModule(console, workingDirectory),
                        new AbstractModule() {
                            @Override
                            protected void configure() {
                                bind(RunService.class).toInstance(runs);
                                bind(ModelInspector.class).toInstance(inspector);
                                bind(ModelCheck.class).toInstance(check);
                                bind(AdapterImport.class).toInstance(adapterImport);
                                bind(AdapterExport.class).toInstance(export);
                                bind(AdapterVerification.class).toInstance(verification);
                                bind(PluginCatalog.class).toInstance(catalog);
                            }
                        });
        return new Shell(new GuiceFactory(injector), console).run(args);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static <T> T unexpected() {
        throw new AssertionError("this command has no business here");
    }
}
