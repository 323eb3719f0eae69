package io.fedfm.runtime.export;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.deploy.OnnxFormat;
import io.fedfm.runtime.graph.ExampleInputs;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.InputRole;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ModelSession;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.weave.TaskInput;
import java.nio.file.Files;
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

/** Loads exports as their users do: a model by ONNX Runtime alone. */
public final class ExportVerifier implements AdapterVerification {
    /** Rows and tokens of the batches that are compared. */
    private static final int[][] BATCHES = {{1, 8}, {2, 17}, {4, 40}};

    private final TrainedRuns runs;

    /** Verifies exports of runs. */
    public ExportVerifier(TrainedRuns runs) {
        this.runs = runs;
    }

    /** An export that was loaded. */
    private interface Loaded extends AutoCloseable {
        Tensor logits(Map<String, Tensor> inputs);

        String description();

        @Override
        void close();
    }

    @Override
    public VerificationReport verify(Path export, RunChoice choice, long seed) {
        try (BufferAllocator allocator = new RootAllocator();
                TrainedRun run = runs.open(choice, allocator);
                Loaded loaded = load(export);
                Program program = run.planned().compiler().fused()) {
            Graph graph = run.planned().model().backbone().graph();
            boolean text = InputRole.of(graph).containsValue(InputRole.TOKENS);
            Random random = new Random(seed);
            List<VerificationReport.Comparison> comparisons = new ArrayList<>();
            for (int[] batch : BATCHES) {
                int rows = ExampleInputs.batch(graph, batch[0]);
                int longest = run.planned().compiler().longest();
                int length = ExampleInputs.length(graph, Math.min(batch[1], longest));
                Map<String, Tensor> inputs =
                        ExampleInputs.make(graph, rows, length, random, rows > 1);
                int tasks = run.planned().plan().tasks().size();
                if (tasks > 0) {
                    inputs.put(TaskInput.NAME, tasks(rows, tasks));
                }
                float[] own = own(run, program, inputs, rows, length);
                float[] other = loaded.logits(inputs).toFloats();
                comparisons.add(
                        new VerificationReport.Comparison(
                                rows, text ? length : 0, difference(own, other), largest(own)));
            }
            return new VerificationReport(run.id(), run.round(), loaded.description(), comparisons);
        }
    }

    private static Loaded load(Path export) {
        Path model = export.resolve(OnnxFormat.MODEL);
        Path adapter = export.resolve(OnnxFormat.ADAPTER);
        if (!Files.isRegularFile(model)) {
            throw new FedFmException(
                    ErrorCode.ADAPTER_INVALID,
                    export + " is no export that can be verified: it has no " + OnnxFormat.MODEL);
        }
        boolean adapted = Files.isRegularFile(adapter);
        ModelSession session =
                new ModelSession(model, adapted ? Optional.of(adapter) : Optional.empty());
        String output = session.outputs().iterator().next();
        return new Loaded() {
            @Override
            public Tensor logits(Map<String, Tensor> inputs) {
                return session.run(inputs, output);
            }

            @Override
            public String description() {
                return OnnxFormat.MODEL + (adapted ? " with " + OnnxFormat.ADAPTER : "");
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }

    private static float[] own(
            TrainedRun run, Program program, Map<String, Tensor> inputs, int rows, int length) {
        boolean tokens = run.planned().objective().labelDimensions().size() == 2;
        Map<String, Tensor> feeds = new HashMap<>(inputs);
        feeds.put(
                Batch.LABELS,
                tokens
                        ? Tensor.longs(new long[rows * length], rows, length)
                        : Tensor.longs(new long[rows], rows));
        return program.logits(new Batch(feeds, rows, length), run.parameters()).toFloats();
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
