package io.fedfm.dist;

import io.fedfm.runtime.plugin.PluginFolders;
import io.fedfm.runtime.plugin.PluginRegistry;
import java.nio.file.Path;
import java.util.List;

/** The installed layout that the build made, and its plugins, for the tests of this module. */
public final class InstalledPlugins {
    private InstalledPlugins() {}

    /** The folder with {@code bin}, {@code lib} and {@code plugins}. */
    public static Path home() {
        return Path.of(System.getProperty("fedfm.home", "target/fedfm")).toAbsolutePath();
    }

    /** The folder of the built-in plugins. */
    public static Path folder() {
        return home().resolve("plugins");
    }

    /** The built-in plugins, loaded from their jars as the launcher does. */
    public static PluginRegistry load() {
        return PluginRegistry.load(PluginFolders.of(home().toString(), List.of(), null));
    }
}
