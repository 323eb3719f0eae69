package io.fedfm.runtime.record;

import java.util.List;
import java.util.Map;

/**
 * What {@code fedfm.json} in a checkpoint says.
 *
 * @param format of the checkpoint
 * @param round the round that it ended
 * @param seed of the run
 * @param configSha256 of the run's resolved configuration
 * @param layout names and shapes of the adapter's parameters
 * @param files the SHA-256 of every other file of the checkpoint
 */
public record CheckpointManifest(
        int format,
        int round,
        long seed,
        String configSha256,
        Map<String, List<Long>> layout,
        Map<String, String> files) {
    /** The format that is written and read. */
    static final int FORMAT = 1;
}
