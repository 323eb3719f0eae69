package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Shuffles the rows and cuts them into contiguous parts whose sizes differ by at most one, the
 * bigger ones first.
 */
final class IidPartitioner implements Partitioner {
    private final int partitions;
    private final RandomGenerator random;

    IidPartitioner(int partitions, RandomGenerator random) {
        this.partitions = partitions;
        this.random = random;
    }

    @Override
    public List<int[]> partition(int[] labels) {
        int rows = labels.length;
        if (rows < partitions) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    "data.partitioner.num_partitions is "
                            + partitions
                            + ", but there are "
                            + rows
                            + " rows to train on; choose fewer partitions");
        }
        int[] order = Shuffle.order(rows, random);
        List<int[]> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < partitions; i++) {
            int to = from + rows / partitions + (i < rows % partitions ? 1 : 0);
            parts.add(Arrays.copyOfRange(order, from, to));
            from = to;
        }
        return parts;
    }
}
