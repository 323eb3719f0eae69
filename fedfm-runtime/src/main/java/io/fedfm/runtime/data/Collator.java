package io.fedfm.runtime.data;

import io.fedfm.runtime.program.Batch;
import java.util.List;

/** Makes batches of rows; used by many threads at once. */
@FunctionalInterface
public interface Collator {
    /** One batch of these rows, in their order; at least one. */
    Batch collate(List<Row> rows);
}
