package io.fedfm.runtime.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Which parameters of which run.
 *
 * @param folder of the run
 * @param round whose checkpoint; the last one if empty
 * @param client whose own head, for a run with {@code federation.head: local}
 * @param pluginFolders folders of plugin jars beside the built-in ones
 */
public record RunChoice(
        Path folder, OptionalInt round, OptionalInt client, List<Path> pluginFolders) {
    /** Copies the list; a relative folder is of the working folder. */
    public RunChoice {
        folder = folder.toAbsolutePath().normalize();
        Objects.requireNonNull(round, "round is null");
        Objects.requireNonNull(client, "client is null");
        pluginFolders = List.copyOf(pluginFolders);
    }

    /** The last checkpoint of a run. */
    public static RunChoice last(Path folder) {
        return new RunChoice(folder, OptionalInt.empty(), OptionalInt.empty(), List.of());
    }
}
