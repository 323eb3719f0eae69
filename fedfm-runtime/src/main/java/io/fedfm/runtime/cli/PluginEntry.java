package io.fedfm.runtime.cli;

import java.nio.file.Path;

/**
 * A plugin as {@code plugins list} shows it.
 *
 * @param kind {@code peft}, {@code aggregator} or {@code compressor}
 * @param name the value of {@code type} that chooses it
 * @param version of the jar
 * @param apiVersion that it was compiled against
 * @param sha256 of the jar
 * @param jar where it came from
 */
record PluginEntry(
        String kind, String name, String version, int apiVersion, String sha256, Path jar) {}
