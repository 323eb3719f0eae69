package io.fedfm.runtime.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import io.fedfm.runtime.config.ConfigReader;
import io.fedfm.runtime.export.AdapterExport;
import io.fedfm.runtime.export.AdapterVerification;
import io.fedfm.runtime.oracle.ModelCheck;
import io.fedfm.runtime.oracle.ModelInspector;
import io.fedfm.runtime.run.AdapterImport;
import io.fedfm.runtime.run.RunService;
import java.nio.file.Path;

/** The commands, given what they ask for. */
final class CommandModule extends AbstractModule {
    private final Console console;
    private final Path workingDirectory;

    CommandModule(Console console, Path workingDirectory) {
        this.console = console;
        this.workingDirectory = workingDirectory;
    }

    @Override
    protected void configure() {
        binder().requireExplicitBindings();
        binder().disableCircularProxies();
    }

    @Provides
    RunCommand run(RunService service) {
        return new RunCommand(
                service, new RunSettings(new ConfigReader(workingDirectory)), console);
    }

    @Provides
    CompareCommand compare(RunService service) {
        return new CompareCommand(
                service, new RunSettings(new ConfigReader(workingDirectory)), console);
    }

    @Provides
    ModelInspectCommand modelInspect(ModelInspector inspector) {
        return new ModelInspectCommand(inspector, console);
    }

    @Provides
    ModelCheckCommand modelCheck(ModelCheck check) {
        return new ModelCheckCommand(check, console);
    }

    @Provides
    AdapterImportCommand adapterImport(AdapterImport service) {
        return new AdapterImportCommand(service, workingDirectory, console);
    }

    @Provides
    AdapterExportCommand adapterExport(AdapterExport export) {
        return new AdapterExportCommand(export, console);
    }

    @Provides
    AdapterVerifyCommand adapterVerify(AdapterVerification verification) {
        return new AdapterVerifyCommand(verification, console);
    }

    @Provides
    PluginsListCommand pluginsList(PluginCatalog catalog) {
        return new PluginsListCommand(catalog, console);
    }
}
