package io.fedfm.runtime.record;

import io.fedfm.runtime.data.FederatedData;
import java.util.List;

/**
 * What {@code partition.json} says: whose rows are whose.
 *
 * @param labels the classes, by index
 * @param heldOut how many rows no client has
 * @param clients for each client the rows of the training file, from 0, that it has
 */
public record PartitionRecord(List<String> labels, int heldOut, List<int[]> clients) {
    /** The file in a run's folder. */
    public static final String FILE = "partition.json";

    /** The partition of some data. */
    public static PartitionRecord of(FederatedData data) {
        return new PartitionRecord(data.labels().names(), data.heldOut().size(), data.partition());
    }
}
