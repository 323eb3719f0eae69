package io.fedfm.runtime.cli;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.plugin.PluginKind;
import io.fedfm.runtime.scaffold.PluginProject;
import io.fedfm.runtime.scaffold.PluginProjects;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedfm plugin new}: a Maven project for a plugin of one's own. */
@Command(
        name = "new",
        description = "Writes a Maven project for a plugin of your own, which builds and runs.")
final class PluginsNewCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The folder to make.")
    Path folder;

    @Option(
            names = "--kind",
            paramLabel = "peft|aggregator|compressor",
            required = true,
            description = "What the plugin is.")
    PluginKind kind;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What it is called in settings (default: the name of DIR).")
    String name;

    @Option(
            names = "--package",
            paramLabel = "PACKAGE",
            description = "The package of its classes (default: com.example.NAME).")
    String packageName;

    @Mixin FormatOption format;

    private final PluginProjects projects;
    private final Path workingDirectory;
    private final Console console;

    PluginsNewCommand(PluginProjects projects, Path workingDirectory, Console console) {
        this.projects = projects;
        this.workingDirectory = workingDirectory;
        this.console = console;
    }

    @Override
    public Integer call() {
        PluginProject project = project();
        List<String> files = projects.write(project, workingDirectory.resolve(folder));
        console.out()
                .print(
                        format.value == Format.TEXT
                                ? text(project, files)
                                : Json.line(json(project, files)) + "\n");
        console.out().flush();
        return 0;
    }

    private PluginProject project() {
        Path last = workingDirectory.resolve(folder).toAbsolutePath().normalize().getFileName();
        if (last == null) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID, "'" + folder + "' is no folder that can be made");
        }
        String chosen = name == null ? last.toString() : name;
        return packageName == null
                ? PluginProject.named(kind, chosen)
                : new PluginProject(kind, chosen, packageName);
    }

    private String text(PluginProject project, List<String> files) {
        return String.format(
                "%s '%s' is in %s:%n%n    %s%n%nNext:%n%n"
                        + "    cd %s%n    mvn package%n"
                        + "    fedfm run sample/run.yaml --plugins target/plugins%n",
                project.kind().label(),
                project.name(),
                folder,
                String.join(System.lineSeparator() + "    ", files),
                folder);
    }

    private Map<String, Object> json(PluginProject project, List<String> files) {
        Map<String, Object> object = Json.object();
        object.put("folder", folder.toString());
        object.put("kind", project.kind().section());
        object.put("name", project.name());
        object.put("package", project.packageName());
        object.put("files", files);
        return object;
    }
}
