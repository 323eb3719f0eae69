package io.fedfm.runtime.data;

import java.util.List;

/**
 * Everybody's rows.
 *
 * @param labels the classes; none for language modelling
 * @param clients the rows of each client, by client id
 * @param partition where these rows stand in the file that was read, from 0
 * @param heldOut rows that no client trains on; none if evaluation is on the training rows
 * @param collator makes batches of them
 */
public record FederatedData(
        Labels labels,
        List<List<Row>> clients,
        List<int[]> partition,
        List<Row> heldOut,
        Collator collator) {
    /** Copies the lists. */
    public FederatedData {
        clients = clients.stream().map(List::copyOf).toList();
        partition = List.copyOf(partition);
        heldOut = List.copyOf(heldOut);
    }

    /** Whether clients' own rows are evaluated on. */
    public boolean evaluatesTrainingRows() {
        return heldOut.isEmpty();
    }
}
