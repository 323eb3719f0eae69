package io.fedfm.runtime.record;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The checkpoints of a run, {@code round_0001}, {@code round_0002}, ...: each is written to a
 * folder of another name, flushed to the disk, and renamed, so it is there whole or not at all.
 */
public final class CheckpointStore {
    private static final String PREFIX = "round_";

    private final Path folder;

    /** The checkpoints in this folder, which is made if need be. */
    CheckpointStore(Path folder) {
        this.folder = folder;
    }

    /**
     * Saves a round that is not there yet.
     *
     * @param vectors {@link Checkpoint#ADAPTER}, and whatever else must be restored on resume
     * @throws FedFmException RUN_FAILED if the disk does not take it
     */
    public void save(
            int round, long seed, String configSha256, Map<String, ParameterVector> vectors) {
        Path target = folder.resolve(String.format(PREFIX + "%04d", round));
        Path unfinished = folder.resolve(Durable.UNFINISHED + target.getFileName());
        try {
            Files.createDirectories(folder);
            Durable.removeUnfinished(folder);
            Files.createDirectory(unfinished);
            Map<String, String> files = new TreeMap<>();
            for (Map.Entry<String, ParameterVector> vector : vectors.entrySet()) {
                Path file = unfinished.resolve(Checkpoint.file(vector.getKey()));
                SafetensorsWriter.write(vector.getValue(), file);
                Durable.sync(file);
                files.put(
                        file.getFileName().toString(), SafetensorsWriter.sha256(vector.getValue()));
            }
            CheckpointManifest manifest =
                    new CheckpointManifest(
                            CheckpointManifest.FORMAT,
                            round,
                            seed,
                            configSha256,
                            shapes(vectors.get(Checkpoint.ADAPTER).layout()),
                            files);
            Durable.write(unfinished.resolve(Checkpoint.MANIFEST), RecordJson.pretty(manifest));
            Durable.move(unfinished, target);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.RUN_FAILED, "cannot save " + target + ": " + Durable.reason(e), e);
        }
    }

    /**
     * The newest checkpoint; none if no round was ever finished.
     *
     * @throws FedFmException CHECKPOINT_INVALID if its files are not those that were written
     */
    public Optional<Checkpoint> latest() {
        return folders().stream()
                .max(Comparator.comparingInt(CheckpointStore::round))
                .map(Checkpoint::verified);
    }

    /**
     * The checkpoint of a round.
     *
     * @throws FedFmException CHECKPOINT_INVALID if there is none, or its files are not those that
     *     were written
     */
    public Checkpoint of(int round) {
        return folders().stream()
                .filter(checkpoint -> round(checkpoint) == round)
                .findFirst()
                .map(Checkpoint::verified)
                .orElseThrow(
                        () ->
                                new FedFmException(
                                        ErrorCode.CHECKPOINT_INVALID,
                                        "there is no checkpoint of round "
                                                + round
                                                + " in "
                                                + folder
                                                + "; there are "
                                                + folders().stream()
                                                        .map(CheckpointStore::round)
                                                        .sorted()
                                                        .toList()));
    }

    private List<Path> folders() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(p -> p.getFileName().toString().matches(PREFIX + "\\d{4,9}"))
                    .toList();
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.CHECKPOINT_INVALID,
                    "cannot read " + folder + ": " + Durable.reason(e),
                    e);
        }
    }

    private static int round(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().substring(PREFIX.length()));
    }

    private static Map<String, List<Long>> shapes(ParameterLayout layout) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        layout.entries().forEach(entry -> shapes.put(entry.name(), entry.shape()));
        return shapes;
    }
}
