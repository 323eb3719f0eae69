package io.fedfm.runtime.scaffold;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmApi;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.plugin.PluginKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes Maven projects for plugins, which build against the repository of this installation. */
public final class PluginProjects {
    private final Path repository;

    /**
     * Projects that take {@code fedfm-api} and {@code fedfm-testing} from this Maven repository.
     */
    public PluginProjects(Path repository) {
        this.repository = repository;
    }

    /**
     * Writes a project.
     *
     * @param project what it is called
     * @param folder where; made if it is not there
     * @return the files written, relative to the folder
     * @throws FedFmException with {@link ErrorCode#SETTINGS_INVALID} if the folder holds something,
     *     {@link ErrorCode#FILE_UNREADABLE} if there is no repository to build against, {@link
     *     ErrorCode#RUN_FAILED} if the disk does not take it
     */
    public List<String> write(PluginProject project, Path folder) {
        if (!Files.isDirectory(repository)) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE,
                    "there is no Maven repository at "
                            + repository
                            + "; start fedfm from an installed layout (./fedfm of a checkout"
                            + " builds one)");
        }
        Map<String, String> files = ProjectTemplate.fill(project, values(project));
        try {
            requireEmpty(folder);
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
        } catch (IOException e) {
            throw new FedFmException(ErrorCode.RUN_FAILED, folder + " cannot be written: " + e, e);
        }
        return List.copyOf(files.keySet());
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        boolean empty = false;
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                empty = files.findAny().isEmpty();
            }
        }
        if (!empty) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "'" + folder + "' is there and not an empty folder; name a new one");
        }
    }

    private Map<String, String> values(PluginProject project) {
        PluginKind kind = project.kind();
        Map<String, String> values = new HashMap<>();
        Properties versions = versions();
        versions.stringPropertyNames().forEach(n -> values.put(n, versions.getProperty(n)));
        values.put("api.version", String.valueOf(FedFmApi.VERSION));
        values.put("repository", repository.toAbsolutePath().normalize().toUri().toString());
        values.put("name", project.name());
        values.put("Name", project.className());
        values.put("package", project.packageName());
        values.put("label", kind.label());
        values.put(
                "section",
                kind == PluginKind.PEFT ? kind.section() : "federation." + kind.section());
        values.put(
                "files",
                ProjectTemplate.classes(kind).entrySet().stream()
                        .map(
                                e ->
                                        "| `"
                                                + project.className()
                                                + e.getKey()
                                                + "` | "
                                                + e.getValue()
                                                + " |")
                        .collect(Collectors.joining("\n")));
        return values;
    }

    private static Properties versions() {
        try (InputStream in = PluginProjects.class.getResourceAsStream("versions.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
