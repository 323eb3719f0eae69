package io.fedfm.runtime.plugin;

import java.nio.file.Path;

/**
 * A plugin that was loaded.
 *
 * @param kind what it is
 * @param name what settings call it
 * @param jar where its factory comes from
 * @param apiVersion the version of the plugin API that it was compiled against
 * @param version {@code Implementation-Version} of the jar's manifest, or "unknown"
 * @param sha256 of the jar, in hexadecimal
 */
public record PluginInfo(
        PluginKind kind, String name, Path jar, int apiVersion, String version, String sha256) {
    @Override
    public String toString() {
        return kind.label() + " '" + name + "' (" + jar + ")";
    }
}
