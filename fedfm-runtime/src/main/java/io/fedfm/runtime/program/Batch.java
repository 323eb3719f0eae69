package io.fedfm.runtime.program;

import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.weave.TaskInput;
import java.util.Map;

/**
 * Rows that are trained on, or evaluated, together.
 *
 * @param feeds the inputs of the backbone by name, and {@link #LABELS}
 * @param rows the number of rows
 * @param length the number of tokens of the longest row; 1 for images
 */
public record Batch(Map<String, Tensor> feeds, int rows, int length) {
    /** The name of the labels: int64 [rows] for classification, [rows, length] for tokens. */
    public static final String LABELS = "labels";

    /** The name of the tasks of rows: int64 [rows]. */
    public static final String TASK = TaskInput.NAME;

    /** The label of a position that does not count. */
    public static final long IGNORED = -100;

    /** Copies the map. */
    public Batch {
        feeds = Map.copyOf(feeds);
    }
}
