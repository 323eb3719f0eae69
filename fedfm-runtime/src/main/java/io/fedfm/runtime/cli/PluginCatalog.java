package io.fedfm.runtime.cli;

import io.fedfm.runtime.plugin.PluginInfo;
import java.nio.file.Path;
import java.util.List;

/** Finds the plugins that are installed. */
@FunctionalInterface
interface PluginCatalog {
    /** All of them, by kind and name; {@code folders} are looked at beside the built-in ones. */
    List<PluginInfo> list(List<Path> folders);
}
