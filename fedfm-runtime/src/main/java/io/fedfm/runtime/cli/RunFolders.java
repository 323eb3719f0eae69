package io.fedfm.runtime.cli;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.config.ResolvedConfig;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.record.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the folders of runs; their names sort by the time they were started. */
final class RunFolders {
    /** The file of settings in a run's folder. */
    static final String CONFIG = "config.resolved.yaml";

    private RunFolders() {}

    /**
     * The folder of a run.
     *
     * @param runs where run folders are
     * @param name the id of a run, the path of its folder, or {@code latest}
     * @throws FedFmException with {@link ErrorCode#CHECKPOINT_INVALID} if there is none
     */
    static Path find(Path runs, String name) {
        if (name.equals("latest")) {
            return latest(runs);
        }
        return Stream.of(runs.resolve(name), Path.of(name))
                .filter(RunFolders::isRun)
                .findFirst()
                .orElseThrow(
                        () ->
                                new FedFmException(
                                        ErrorCode.CHECKPOINT_INVALID,
                                        "there is no run '"
                                                + name
                                                + "' in "
                                                + runs.toAbsolutePath()
                                                + "; --runs names another folder of runs"));
    }

    /** The newest run of these settings, if there is one. */
    static Optional<Path> of(Path runs, RunConfig config) {
        if (!Files.isDirectory(runs)) {
            return Optional.empty();
        }
        String wanted = ResolvedConfig.yaml(config);
        try (Stream<Path> folders = Files.list(runs)) {
            return folders.filter(RunFolders::isRun)
                    .filter(folder -> RunDirectory.open(folder).config().equals(wanted))
                    .max(Comparator.comparing(folder -> folder.getFileName().toString()));
        } catch (IOException e) {
            throw unlisted(runs, e);
        }
    }

    private static Path latest(Path runs) {
        if (Files.isDirectory(runs)) {
            try (Stream<Path> folders = Files.list(runs)) {
                return folders.filter(RunFolders::isRun)
                        .max(Comparator.comparing(folder -> folder.getFileName().toString()))
                        .orElseThrow(() -> none(runs));
            } catch (IOException e) {
                throw unlisted(runs, e);
            }
        }
        throw none(runs);
    }

    private static FedFmException unlisted(Path runs, IOException e) {
        return new FedFmException(
                ErrorCode.FILE_UNREADABLE, runs + " cannot be listed: " + e.getMessage(), e);
    }

    private static FedFmException none(Path runs) {
        return new FedFmException(
                ErrorCode.CHECKPOINT_INVALID,
                "there is no run to resume in "
                        + runs.toAbsolutePath()
                        + "; --runs names another folder of runs");
    }

    private static boolean isRun(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG));
    }
}
