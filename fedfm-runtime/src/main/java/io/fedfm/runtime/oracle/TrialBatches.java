package io.fedfm.runtime.oracle;

import io.fedfm.runtime.graph.ExampleInputs;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.BackboneOutputs;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.weave.TaskInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/** Random rows of two lengths, the last row of each batch padded where the backbone has a mask. */
final class TrialBatches {
    private static final int[] ROWS = {3, 2};
    private static final int[] LENGTHS = {9, 6};

    private TrialBatches() {}

    /**
     * Batches of sizes the graph takes.
     *
     * @param longest tokens of a row at most
     * @param tasks that rows are dealt to in turn; 0 if they have none
     */
    static List<Batch> of(
            Graph graph, BackboneOutputs outputs, int longest, int tasks, RandomGenerator random) {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < ROWS.length; i++) {
            int rows = ExampleInputs.batch(graph, ROWS[i]);
            int length =
                    ExampleInputs.length(graph, Math.max(1, Math.min(LENGTHS[i], longest - i)));
            Map<String, Tensor> feeds =
                    new HashMap<>(ExampleInputs.make(graph, rows, length, random, true));
            feeds.put(Batch.LABELS, labels(feeds, outputs, rows, length, random));
            if (tasks > 0) {
                long[] turns = LongStream.range(0, rows).map(row -> row % tasks).toArray();
                feeds.put(TaskInput.NAME, Tensor.longs(turns, rows));
            }
            batches.add(new Batch(feeds, rows, length));
        }
        return batches;
    }

    private static Tensor labels(
            Map<String, Tensor> feeds,
            BackboneOutputs outputs,
            int rows,
            int length,
            RandomGenerator random) {
        long classes = TrialObjective.classes(outputs);
        if (!outputs.tokenLogits()) {
            return Tensor.longs(random.longs(rows, 0, classes).toArray(), rows);
        }
        long[] labels = random.longs((long) rows * length, 0, classes).toArray();
        Tensor mask = feeds.get(outputs.mask());
        long[] counts = mask == null ? null : mask.toLongs();
        for (int i = 0; i < labels.length; i++) {
            if (counts != null && counts[i] == 0) {
                labels[i] = Batch.IGNORED;
            }
        }
        return Tensor.longs(labels, rows, length);
    }
}
