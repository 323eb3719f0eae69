package io.fedfm.runtime.record;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory of a run: {@code config.resolved.yaml}, {@code environment.json}, {@code
 * partition.json}, {@code metrics.jsonl} and {@code checkpoints/}. Killed at any moment, it can be
 * resumed from.
 */
public final class RunDirectory {
    private static final String CONFIG = "config.resolved.yaml";

    private final Path folder;
    private final String config;

    private RunDirectory(Path folder, String config) {
        this.folder = folder;
        this.config = config;
    }

    /**
     * Makes the directory of a new run.
     *
     * @param folder must not exist
     * @param config the resolved configuration
     * @throws FedFmException SETTINGS_INVALID if there is such a run, RUN_FAILED if the disk does
     *     not take it
     */
    public static RunDirectory create(Path folder, String config) {
        if (Files.exists(folder)) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "there is a run " + folder + " already; resume it or choose another name");
        }
        Path runs = folder.toAbsolutePath().getParent();
        Path unfinished = runs.resolve(Durable.UNFINISHED + folder.getFileName());
        try {
            Files.createDirectories(runs);
            Durable.remove(unfinished);
            Files.createDirectory(unfinished);
            Durable.write(unfinished.resolve(CONFIG), config);
            Durable.move(unfinished, folder.toAbsolutePath());
            return new RunDirectory(folder, config);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.RUN_FAILED, "cannot make " + folder + ": " + Durable.reason(e), e);
        }
    }

    /**
     * Opens the directory of a run to resume it.
     *
     * @throws FedFmException CHECKPOINT_INVALID if it is none
     */
    public static RunDirectory open(Path folder) {
        RunDirectory directory = look(folder);
        try {
            Durable.removeUnfinished(folder);
            return directory;
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /**
     * Opens the directory of a run to read it; the run may still be going on.
     *
     * @throws FedFmException CHECKPOINT_INVALID if it is none
     */
    public static RunDirectory look(Path folder) {
        Path file = folder.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw new FedFmException(
                    ErrorCode.CHECKPOINT_INVALID,
                    folder + " is no folder of a run: it has no " + CONFIG);
        }
        try {
            return new RunDirectory(folder, Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static FedFmException unreadable(Path folder, IOException e) {
        return new FedFmException(
                ErrorCode.CHECKPOINT_INVALID,
                "cannot read " + folder + ": " + Durable.reason(e),
                e);
    }

    /** The file of its configuration. */
    public Path configFile() {
        return folder.resolve(CONFIG);
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** The last part of its path: what people call the run. */
    public String id() {
        return folder.toAbsolutePath().normalize().getFileName().toString();
    }

    /** The resolved configuration. */
    public String config() {
        return config;
    }

    /** Writes a file as JSON, names in {@code snake_case}. */
    public void write(String name, Object json) {
        try {
            Durable.write(folder.resolve(name), RecordJson.pretty(json));
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.RUN_FAILED,
                    "cannot write " + folder.resolve(name) + ": " + Durable.reason(e),
                    e);
        }
    }

    /**
     * Reads a file that {@link #write} wrote; nothing if the run was killed before it did.
     *
     * @throws FedFmException CHECKPOINT_INVALID if it is not what was written
     */
    public <T> Optional<T> read(String name, Class<T> type) {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(RecordJson.read(file, type));
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.CHECKPOINT_INVALID,
                    file + " cannot be read: " + Durable.reason(e) + "; start a new run",
                    e);
        }
    }

    /** The lines of its rounds. */
    public MetricsLog metrics() {
        return new MetricsLog(folder.resolve("metrics.jsonl"));
    }

    /** Its checkpoints. */
    public CheckpointStore checkpoints() {
        return new CheckpointStore(folder.resolve("checkpoints"));
    }
}
