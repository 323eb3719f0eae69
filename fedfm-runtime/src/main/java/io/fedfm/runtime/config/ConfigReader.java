package io.fedfm.runtime.config;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the settings of a run from a YAML file and the command line. */
public final class ConfigReader {
    private final Path workingDirectory;

    /** Relative paths are sought in {@code workingDirectory}, too. */
    public ConfigReader(Path workingDirectory) {
        this.workingDirectory = workingDirectory.toAbsolutePath().normalize();
    }

    /**
     * The settings of a file with {@code overrides} ({@code client.optimizer.lr=0.001}) laid over.
     *
     * @throws FedFmException with {@link ErrorCode#SETTINGS_INVALID} and every problem in one line,
     *     or with {@link ErrorCode#FILE_UNREADABLE} if the file, or one it names, is not there
     */
    public RunConfig read(Path file, List<String> overrides) {
        Path absolute = workingDirectory.resolve(file).normalize();
        Map<String, Object> tree = YamlTree.mapping(text(absolute, file), file.toString());
        Overrides laidOver = new Overrides(overrides);
        laidOver.applyTo(tree);
        return read(tree, new PathLookup(absolute.getParent(), workingDirectory, laidOver.paths()));
    }

    private static RunConfig read(Map<String, Object> tree, PathLookup paths) {
        Settings settings = Settings.of("", tree);
        RunConfig config = RunConfig.from(settings, paths);
        List<String> problems = new ArrayList<>(settings.problems());
        ErrorCode code =
                problems.isEmpty() ? ErrorCode.FILE_UNREADABLE : ErrorCode.SETTINGS_INVALID;
        problems.addAll(paths.missing());
        if (!problems.isEmpty()) {
            throw new FedFmException(code, String.join("; ", problems));
        }
        return config;
    }

    private static String text(Path file, Path asGiven) {
        if (!Files.isRegularFile(file)) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE,
                    "there is no file of settings '" + asGiven + "'; looked at " + file);
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID, asGiven + " is no UTF-8 text, so no settings", e);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE, asGiven + " cannot be read: " + e.getMessage(), e);
        }
    }
}
