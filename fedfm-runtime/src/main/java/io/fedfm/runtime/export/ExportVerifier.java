package io.fedfm.runtime.export;

import io.fedfm.runtime.graph.ExampleInputs;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.InputRole;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.weave.TaskInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Compares exports with the program that trained them, on random tokens or pixels. */
public final class ExportVerifier implements AdapterVerification {
    /** Rows and tokens of the batches that are compared. */
    private static final int[][] BATCHES = {{1, 8}, {2, 17}, {4, 40}};

    private final TrainedRuns runs;

    /** Verifies exports of runs. */
    public ExportVerifier(TrainedRuns runs) {
        this.runs = runs;
    }

    @Override
    public VerificationReport verify(
            Path export, RunChoice choice, long seed, Optional<Path> save) {
        try (BufferAllocator allocator = new RootAllocator();
                TrainedRun run = runs.open(choice, allocator);
                Program program = run.planned().compiler().fused();
                LoadedExport loaded = new LoadedExports(run, program, allocator).load(export)) {
            Graph graph = run.planned().model().backbone().graph();
            boolean text = InputRole.of(graph).containsValue(InputRole.TOKENS);
            Random random = new Random(seed);
            List<VerificationReport.Comparison> comparisons = new ArrayList<>();
            SavedBatches saved = new SavedBatches();
            for (int[] size : BATCHES) {
                int rows = ExampleInputs.batch(graph, size[0]);
                int longest = run.planned().compiler().longest();
                int length = ExampleInputs.length(graph, Math.min(size[1], longest));
                Batch batch = batch(run, rows, length, random);
                Tensor logits = program.logits(batch, run.parameters());
                saved.add(batch, logits);
                float[] own = logits.toFloats();
                float[] other = loaded.logits(batch).toFloats();
                comparisons.add(
                        new VerificationReport.Comparison(
                                rows, text ? length : 0, difference(own, other), largest(own)));
            }
            save.ifPresent(saved::write);
            return new VerificationReport(run.id(), run.round(), loaded.description(), comparisons);
        }
    }

    private static Batch batch(TrainedRun run, int rows, int length, Random random) {
        Map<String, Tensor> feeds =
                new HashMap<>(
                        ExampleInputs.make(
                                run.planned().model().backbone().graph(),
                                rows,
                                length,
                                random,
                                rows > 1));
        int tasks = run.planned().plan().tasks().size();
        if (tasks > 0) {
            feeds.put(TaskInput.NAME, tasks(rows, tasks));
        }
        boolean tokens = run.planned().objective().labelDimensions().size() == 2;
        feeds.put(
                Batch.LABELS,
                tokens
                        ? Tensor.longs(new long[rows * length], rows, length)
                        : Tensor.longs(new long[rows], rows));
        return new Batch(feeds, rows, length);
    }

    /** The tasks in turn. */
    private static Tensor tasks(int rows, int tasks) {
        return Tensor.longs(LongStream.range(0, rows).map(row -> row % tasks).toArray(), rows);
    }

    private static double difference(float[] own, float[] other) {
        if (own.length != other.length) {
            return Double.NaN;
        }
        double largest = 0;
        for (int i = 0; i < own.length; i++) {
            largest = Math.max(largest, Math.abs((double) own[i] - other[i]));
        }
        return largest;
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
