package io.fedfm.runtime.run;

import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.codec.UpdateCodec;
import io.fedfm.runtime.config.ResolvedConfig;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.config.Seeds;
import io.fedfm.runtime.data.Collator;
import io.fedfm.runtime.federation.ClientEngine;
import io.fedfm.runtime.federation.ClientSelection;
import io.fedfm.runtime.federation.Exchange;
import io.fedfm.runtime.federation.FederatedEvaluation;
import io.fedfm.runtime.federation.LocalClient;
import io.fedfm.runtime.federation.LocalParts;
import io.fedfm.runtime.federation.RoundListener;
import io.fedfm.runtime.federation.RoundLoop;
import io.fedfm.runtime.federation.StateLayouts;
import io.fedfm.runtime.federation.ThreadEngine;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.plugin.PluginRegistry;
import io.fedfm.runtime.program.InitialParameters;
import io.fedfm.runtime.record.PartitionRecord;
import io.fedfm.runtime.record.RunDirectory;
import io.fedfm.runtime.record.RunRecorder;
import io.fedfm.runtime.record.SafetensorsWriter;
import io.fedfm.runtime.train.Evaluator;
import io.fedfm.runtime.train.LocalTrainer;
import io.fedfm.runtime.train.Schedule;
import io.fedfm.runtime.weave.Trainable;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.rounding.SegmentRoundingPolicy;

/**
 * Runs a federation in this JVM: loads and compiles, then goes through the rounds, then sums up.
 */
public final class FederatedRun implements RunService {
    private static final int EVALUATION_BATCH = 64;
    private static final String ENVIRONMENT = "environment.json";

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
        StateLayouts layouts = layouts(config, prepared.trainables());
        try (ParameterVector shared = ParameterVector.zeros(allocator, layouts.shared());
                LocalParts locals = initial(config, prepared, layouts, shared, allocator);
                ClientEngine engine = engine(config, prepared, layouts, locals, allocator)) {
            RunDirectory directory = directory(request, prepared);
            RunRecorder recorder = new RunRecorder(directory, config.seed(), locals, allocator);
            int done = recorder.resume(shared);
            int last = config.federation().numRounds();
            listener.started(directory.id(), done + 1, last, prepared.clientsPerRound());
            loop(
                            config,
                            prepared,
                            layouts,
                            locals,
                            engine,
                            RoundListener.all(List.of(recorder, new Progress(listener))),
                            allocator)
                    .run(done + 1, last, shared);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new RunSummary(
                    directory.id(),
                    config.peft().type(),
                    prepared.parameters(),
                    seconds,
                    SafetensorsWriter.sha256(shared),
                    recorder.rounds());
        }
    }

    private static StateLayouts layouts(RunConfig config, List<Trainable> trainables) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        trainables.forEach(t -> shapes.put(t.name(), t.shape()));
        Set<String> head =
                trainables.stream()
                        .filter(Trainable::head)
                        .map(Trainable::name)
                        .collect(Collectors.toSet());
        boolean local = config.federation().head().equals("local");
        return StateLayouts.of(ParameterLayout.of(shapes), name -> local && head.contains(name));
    }

    /**
     * Fills the shared parameters with their first values; returns what each client starts with of
     * its own.
     */
    private static LocalParts initial(
            RunConfig config,
            Preparation prepared,
            StateLayouts layouts,
            ParameterVector shared,
            BufferAllocator allocator) {
        Seeds seeds = Seeds.of(config.seed());
        try (ParameterVector full = ParameterVector.zeros(allocator, layouts.full())) {
            InitialParameters.fill(
                    prepared.trainables(), name -> seeds.stream("initialisation", name), full);
            layouts.extract(full, shared);
            return LocalParts.initial(prepared.data().clients().size(), layouts, full, allocator);
        }
    }

    private static ClientEngine engine(
            RunConfig config,
            Preparation prepared,
            StateLayouts layouts,
            LocalParts locals,
            BufferAllocator allocator) {
        Schedule schedule =
                new Schedule(
                        config.client().schedule(),
                        config.client().optimizer().lr(),
                        config.federation().numRounds());
        LocalTrainer trainer =
                new LocalTrainer(
                        prepared.program(),
                        collator(config, prepared),
                        config.client(),
                        schedule,
                        LocalTrainer.gradientSteps(config.client()),
                        Seeds.of(config.seed()),
                        allocator);
        UpdateCodec codec = new UpdateCodec(layouts.shared(), allocator);
        return new ThreadEngine(
                prepared.workers().clients(),
                new LocalClient(
                        prepared.data().clients(),
                        trainer,
                        codec,
                        layouts,
                        locals,
                        prepared::compressor,
                        allocator));
    }

    private static RoundLoop loop(
            RunConfig config,
            Preparation prepared,
            StateLayouts layouts,
            LocalParts locals,
            ClientEngine engine,
            RoundListener listener,
            BufferAllocator allocator) {
        List<Long> rows =
                prepared.data().clients().stream().map(client -> (long) client.size()).toList();
        Evaluator evaluator =
                new Evaluator(
                        prepared.program(),
                        collator(config, prepared),
                        EVALUATION_BATCH,
                        prepared.workers().clients());
        return new RoundLoop(
                new ClientSelection(
                        rows.size(), prepared.clientsPerRound(), Seeds.of(config.seed())),
                new Exchange(
                        engine,
                        new UpdateCodec(layouts.shared(), allocator),
                        prepared.compressor(),
                        rows),
                prepared.aggregator(),
                new FederatedEvaluation(
                        evaluator,
                        config.model().task(),
                        prepared.data(),
                        layouts,
                        locals,
                        allocator),
                listener,
                allocator);
    }

    private static Collator collator(RunConfig config, Preparation prepared) {
        return new Collator(prepared.inputs(), config.model().task(), prepared.data().padding());
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
        directory
                .read(ENVIRONMENT, RunEnvironment.class)
                .ifPresentOrElse(
                        recorded -> environment.checkResumes(recorded, directory.folder()),
                        () -> {
                            directory.write("partition.json", PartitionRecord.of(prepared.data()));
                            directory.write(ENVIRONMENT, environment);
                        });
        return directory;
    }
}
