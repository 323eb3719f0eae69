package io.fedfm.runtime.plugin;

import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where plugins are looked for. */
public final class PluginFolders {
    private PluginFolders() {}

    /**
     * The folders, each once: {@code plugins} of the installed layout, then those named.
     *
     * @param home the installed layout (system property {@code fedfm.home}), or null
     * @param named those of {@code --plugins}
     * @param environment the value of {@code FEDFM_PLUGINS}: folders with the path separator of the
     *     system between them; or null
     */
    public static List<Path> of(String home, List<Path> named, String environment) {
        Set<Path> folders = new LinkedHashSet<>();
        if (home != null) {
            folders.add(Path.of(home, "plugins").toAbsolutePath().normalize());
        }
        named.forEach(folder -> folders.add(folder.toAbsolutePath().normalize()));
        if (environment != null) {
            for (String folder : environment.split(File.pathSeparator)) {
                if (!folder.isBlank()) {
                    folders.add(Path.of(folder).toAbsolutePath().normalize());
                }
            }
        }
        return List.copyOf(folders);
    }
}
