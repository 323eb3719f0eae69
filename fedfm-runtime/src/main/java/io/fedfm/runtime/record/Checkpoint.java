package io.fedfm.runtime.record;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A checkpoint on disk whose files are those that were written.
 *
 * @param folder where it is
 * @param manifest what it says of itself
 */
public record Checkpoint(Path folder, CheckpointManifest manifest) {
    /** The name of the vector that every checkpoint has. */
    public static final String ADAPTER = "adapter";

    static final String MANIFEST = "fedfm.json";

    private static final String ENDING = ".safetensors";

    /** The name of the vector of what a client keeps for itself. */
    public static String local(int client) {
        return String.format("local_%04d", client);
    }

    /** The file of a vector. */
    static String file(String vector) {
        return vector + ENDING;
    }

    /**
     * Reads a checkpoint's manifest and compares the SHA-256 of each file with it.
     *
     * @throws FedFmException CHECKPOINT_INVALID if something is missing or changed
     */
    static Checkpoint verified(Path folder) {
        try {
            CheckpointManifest manifest =
                    RecordJson.read(folder.resolve(MANIFEST), CheckpointManifest.class);
            if (manifest.format() != CheckpointManifest.FORMAT) {
                throw invalid(folder, "has format " + manifest.format());
            }
            Map<String, String> found = new HashMap<>();
            for (String file : manifest.files().keySet()) {
                found.put(file, Sha256.of(folder.resolve(Path.of(file).getFileName())));
            }
            if (!found.equals(manifest.files())) {
                throw invalid(folder, "has files that were changed after it was written");
            }
            return new Checkpoint(folder, manifest);
        } catch (IOException e) {
            throw invalid(folder, "cannot be read: " + e.getMessage());
        }
    }

    /** Whether it has a vector of this name. */
    public boolean has(String vector) {
        return manifest.files().containsKey(file(vector))
                && Files.isRegularFile(folder.resolve(file(vector)));
    }

    /**
     * Overwrites {@code target} with a vector of the checkpoint.
     *
     * @throws FedFmException CHECKPOINT_INVALID if it is missing or has another layout
     */
    public void restore(String vector, ParameterVector target, BufferAllocator allocator) {
        if (!has(vector)) {
            throw invalid(folder, "has no " + file(vector));
        }
        try (ParameterVector saved =
                SafetensorsReader.read(folder.resolve(file(vector)), allocator)) {
            ParameterLayout layout = saved.layout();
            if (!layout.equals(target.layout())) {
                throw invalid(
                        folder, "has other parameters in " + file(vector) + " than the run trains");
            }
            target.set(saved);
        }
    }

    private static FedFmException invalid(Path folder, String what) {
        return new FedFmException(
                ErrorCode.CHECKPOINT_INVALID,
                "the checkpoint "
                        + folder
                        + " "
                        + what
                        + "; remove this folder to resume from the round before");
    }
}
