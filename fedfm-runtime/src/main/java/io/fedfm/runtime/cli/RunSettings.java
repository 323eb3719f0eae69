package io.fedfm.runtime.cli;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.config.ConfigReader;
import io.fedfm.runtime.config.RunConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of a run, from a file or from the folder of a run that is resumed. */
final class RunSettings {
    private static final Path DEFAULT_FILE = Path.of("fedfm.yaml");

    private final ConfigReader reader;

    RunSettings(ConfigReader reader) {
        this.reader = reader;
    }

    /** Those of a file, or of {@code fedfm.yaml} in the working directory. */
    RunConfig fresh(Optional<Path> file, List<String> overrides) {
        return reader.read(file.orElse(DEFAULT_FILE), overrides);
    }

    /** Those of each variant that a file compares; see {@link ConfigReader#variants}. */
    Map<String, RunConfig> variants(Path file, List<String> wanted, List<String> overrides) {
        return reader.variants(file, wanted, overrides);
    }

    /** The comment that a file begins with. */
    String introduction(Path file) {
        return reader.introduction(file);
    }

    /**
     * Those that the run recorded; a file that is named, too, must say the same.
     *
     * @throws FedFmException with {@link ErrorCode#CHECKPOINT_INVALID} if it does not
     */
    RunConfig resumed(Path folder, Optional<Path> file, List<String> overrides) {
        RunConfig recorded = reader.read(folder.resolve(RunFolders.CONFIG), List.of());
        if (file.isEmpty() && !overrides.isEmpty()) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "-c has no use with --resume: a run goes on with the settings it was started"
                            + " with");
        }
        if (file.isPresent()) {
            RunConfig given = reader.read(file.get(), overrides);
            int workers = recorded.simulation().workers();
            if (!given.withWorkers(workers).equals(recorded)) {
                throw new FedFmException(
                        ErrorCode.CHECKPOINT_INVALID,
                        file.get()
                                + " differs from the settings that "
                                + folder
                                + " was started with; leave the file out, or start a new run");
            }
        }
        return recorded;
    }

    /** The same with this many clients at once. */
    RunConfig withWorkers(RunConfig config, int workers) {
        if (workers < 1) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID, "--workers must be 1 or more, was " + workers);
        }
        return config.withWorkers(workers);
    }
}
