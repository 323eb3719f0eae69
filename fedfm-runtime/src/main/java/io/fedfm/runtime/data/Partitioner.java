package io.fedfm.runtime.data;

import java.util.List;

/** Deals rows out to clients; names, arguments and semantics are those of flwr-datasets. */
@FunctionalInterface
public interface Partitioner {
    /**
     * The indices of each client's rows; every row goes to one client and no client goes without.
     *
     * @param labels the class of each row
     */
    List<int[]> partition(int[] labels);
}
