package io.fedfm.runtime.run;

import io.fedfm.runtime.config.RunConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What to run.
 *
 * @param config the settings
 * @param runs the folder that run folders are made in
 * @param resumed the folder of the run to go on with, or nothing for a new one
 * @param pluginFolders folders of plugin jars beside the built-in ones
 */
public record RunRequest(
        RunConfig config, Path runs, Optional<Path> resumed, List<Path> pluginFolders) {
    /** Copies the list. */
    public RunRequest {
        Objects.requireNonNull(config, "config is null");
        Objects.requireNonNull(runs, "runs is null");
        Objects.requireNonNull(resumed, "resumed is null");
        pluginFolders = List.copyOf(pluginFolders);
    }
}
