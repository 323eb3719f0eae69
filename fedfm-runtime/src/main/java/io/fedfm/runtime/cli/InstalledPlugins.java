package io.fedfm.runtime.cli;

import io.fedfm.runtime.plugin.PluginFolders;
import io.fedfm.runtime.plugin.PluginRegistry;
import java.nio.file.Path;
import java.util.List;

/** The plugins of the installed layout, of {@code --plugins} and of {@code FEDFM_PLUGINS}. */
final class InstalledPlugins {
    private final String home;
    private final String environment;

    /** Where the layout is, and what the environment variable says; either may be null. */
    InstalledPlugins(String home, String environment) {
        this.home = home;
        this.environment = environment;
    }

    /** Those of this process. */
    static InstalledPlugins ofProcess() {
        return new InstalledPlugins(
                System.getProperty("fedfm.home"), System.getenv("FEDFM_PLUGINS"));
    }

    /** Loads all of them. */
    PluginRegistry load(List<Path> named) {
        return PluginRegistry.load(PluginFolders.of(home, named, environment));
    }

    /** The Maven repository of the installed layout, which new plugins are built against. */
    Path repository() {
        return Path.of(home == null ? "" : home, "repository").toAbsolutePath();
    }
}
