package io.fedfm.runtime.run;

import io.fedfm.runtime.config.ResolvedConfig;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.federation.RoundListener;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.plugin.PluginRegistry;
import io.fedfm.runtime.record.PartitionRecord;
import io.fedfm.runtime.record.RunDirectory;
import io.fedfm.runtime.record.RunRecorder;
import io.fedfm.runtime.record.SafetensorsWriter;
import io.fedfm.runtime.setup.RunEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.rounding.SegmentRoundingPolicy;

/**
 * Runs a federation in this JVM: loads and compiles, then goes through the rounds, then sums up.
 */
public final class FederatedRun implements RunService {
    private final Function<List<Path>, PluginRegistry> plugins;
    private final GeneratedModels generated;

    /**
     * Runs with plugins and models from here.
     *
     * @param plugins loads the installed plugins and those of further folders
     * @param generated makes models that are generated
     */
    public FederatedRun(Function<List<Path>, PluginRegistry> plugins, GeneratedModels generated) {
        this.plugins = plugins;
        this.generated = generated;
    }

    @Override
    public RunSummary run(RunRequest request, RunListener listener) {
        long start = System.nanoTime();
        PluginRegistry registry = plugins.apply(request.pluginFolders());
        // Segments, because Arrow would round buffers up to powers of two.
        try (BufferAllocator allocator =
                        new RootAllocator(
                                AllocationListener.NOOP,
                                Long.MAX_VALUE,
                                new SegmentRoundingPolicy(1024L));
                Preparation preparation =
                        new Preparation(request.config(), registry, generated, allocator)) {
            return run(request, preparation, listener, start, allocator);
        }
    }

    private static RunSummary run(
            RunRequest request,
            Preparation prepared,
            RunListener listener,
            long start,
            BufferAllocator allocator) {
        RunConfig config = request.config();
        try (Federation federation = new Federation(config, prepared, allocator)) {
            RunDirectory directory = directory(request, prepared);
            RunRecorder recorder =
                    new RunRecorder(directory, config.seed(), federation.locals(), allocator);
            int done = recorder.resume(federation.shared());
            int last = config.federation().numRounds();
            listener.started(directory.id(), done + 1, last, prepared.clientsPerRound());
            federation.run(
                    done + 1, last, RoundListener.all(List.of(recorder, new Progress(listener))));
            double seconds = (System.nanoTime() - start) / 1e9;
            return new RunSummary(
                    directory.id(),
                    config.peft().type(),
                    prepared.parameters(),
                    seconds,
                    SafetensorsWriter.sha256(federation.shared()),
                    recorder.rounds());
        }
    }

    private static RunDirectory directory(RunRequest request, Preparation prepared) {
        RunConfig config = request.config();
        RunDirectory directory =
                request.resumed()
                        .map(RunDirectory::open)
                        .orElseGet(
                                () ->
                                        RunDirectory.create(
                                                RunIds.fresh(request.runs(), config.peft().type()),
                                                ResolvedConfig.yaml(config)));
        RunEnvironment environment = prepared.environment();
        if (directory.read(PartitionRecord.FILE, PartitionRecord.class).isEmpty()) {
            directory.write(PartitionRecord.FILE, PartitionRecord.of(prepared.data()));
        }
        directory
                .read(RunEnvironment.FILE, RunEnvironment.class)
                .ifPresentOrElse(
                        recorded -> environment.checkResumes(recorded, directory.folder()),
                        () -> directory.write(RunEnvironment.FILE, environment));
        return directory;
    }
}
