package io.fedfm.runtime.run;

import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.codec.UpdateCodec;
import io.fedfm.runtime.config.ClientConfig;
import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.config.Seeds;
import io.fedfm.runtime.federation.ClientEngine;
import io.fedfm.runtime.federation.ClientSelection;
import io.fedfm.runtime.federation.Exchange;
import io.fedfm.runtime.federation.FederatedEvaluation;
import io.fedfm.runtime.federation.LocalClient;
import io.fedfm.runtime.federation.LocalParts;
import io.fedfm.runtime.federation.RoundEvaluation;
import io.fedfm.runtime.federation.RoundListener;
import io.fedfm.runtime.federation.RoundLoop;
import io.fedfm.runtime.federation.StateLayouts;
import io.fedfm.runtime.federation.TaskAggregation;
import io.fedfm.runtime.federation.ThreadEngine;
import io.fedfm.runtime.program.InitialParameters;
import io.fedfm.runtime.train.EntityTags;
import io.fedfm.runtime.train.Evaluator;
import io.fedfm.runtime.train.LocalTrainer;
import io.fedfm.runtime.train.RateFactors;
import io.fedfm.runtime.train.Schedule;
import io.fedfm.runtime.weave.Trainable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The parties of a run in this JVM: their parameters, the clients that train them, and the server's
 * loop.
 */
final class Federation implements AutoCloseable {
    private static final int EVALUATION_BATCH = 64;

    private final RunConfig config;
    private final Preparation prepared;
    private final Seeds seeds;
    private final StateLayouts layouts;
    private final ParameterVector shared;
    private final LocalParts locals;
    private final ClientEngine engine;
    private final BufferAllocator allocator;

    /** Everybody at the initial parameters. */
    Federation(RunConfig config, Preparation prepared, BufferAllocator allocator) {
        this.config = config;
        this.prepared = prepared;
        this.seeds = Seeds.of(config.seed());
        this.layouts = layouts(config, prepared.trainables());
        this.allocator = allocator;
        this.shared = ParameterVector.zeros(allocator, layouts.shared());
        this.locals = initial();
        this.engine = new ThreadEngine(prepared.workers().clients(), client());
    }

    /** The parameters that travel. */
    ParameterVector shared() {
        return shared;
    }

    /** The parameters that stay with clients. */
    LocalParts locals() {
        return locals;
    }

    /** Runs the rounds from {@code first} to {@code last}. */
    void run(int first, int last, RoundListener listener) {
        List<Long> rows =
                prepared.data().clients().stream().map(client -> (long) client.size()).toList();
        ClientSelection selection =
                new ClientSelection(rows.size(), prepared.clientsPerRound(), seeds);
        Exchange exchange = new Exchange(engine, codec(), prepared.compressor(), rows);
        new RoundLoop(selection, exchange, aggregator(), evaluation(), listener, allocator)
                .run(first, last, shared);
    }

    /** The plugin's, for each task apart where parameters belong to tasks. */
    private Aggregator aggregator() {
        Map<String, String> tasks = new HashMap<>();
        for (Trainable trainable : prepared.trainables()) {
            if (!trainable.task().isEmpty()) {
                tasks.put(trainable.name(), trainable.task());
            }
        }
        if (tasks.isEmpty()) {
            return prepared.aggregator();
        }
        return new TaskAggregation(tasks, prepared.rowsOfTasks(), prepared::aggregator, allocator);
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
    private LocalParts initial() {
        try (ParameterVector full = ParameterVector.zeros(allocator, layouts.full())) {
            InitialParameters.fill(
                    prepared.trainables(), name -> seeds.stream("initialisation", name), full);
            layouts.extract(full, shared);
            return LocalParts.initial(prepared.data().clients().size(), layouts, full, allocator);
        }
    }

    private LocalClient client() {
        Schedule schedule =
                new Schedule(
                        config.client().schedule(),
                        config.client().optimizer().lr(),
                        config.federation().numRounds());
        LocalTrainer trainer =
                new LocalTrainer(
                                prepared.program(),
                                prepared.data().collator(),
                                config.client(),
                                schedule,
                                LocalTrainer.gradientSteps(config.client()),
                                seeds,
                                allocator)
                        .with(rates());
        return new LocalClient(
                prepared.data().clients(),
                trainer,
                codec(),
                layouts,
                locals,
                prepared::compressor,
                allocator);
    }

    private RateFactors rates() {
        ClientConfig.Optimizer rates = config.client().optimizer();
        double head = rates.headLr() / rates.lr();
        Map<String, Double> factors =
                prepared.trainables().stream()
                        .collect(
                                Collectors.toMap(
                                        Trainable::name,
                                        t -> t.learningRateFactor() * (t.head() ? head : 1)));
        return RateFactors.of(layouts.full(), factors::get);
    }

    private RoundEvaluation evaluation() {
        Evaluator evaluator =
                new Evaluator(
                        prepared.program(),
                        prepared.data().collator(),
                        EVALUATION_BATCH,
                        prepared.workers().clients(),
                        tags());
        return new FederatedEvaluation(
                evaluator, config.model().task(), prepared.data(), layouts, locals, allocator);
    }

    private Optional<EntityTags> tags() {
        return config.model().task() == Task.TOKEN_CLS
                ? EntityTags.of(prepared.data().labels().names())
                : Optional.empty();
    }

    private UpdateCodec codec() {
        return new UpdateCodec(layouts.shared(), allocator);
    }

    @Override
    public void close() {
        engine.close();
        locals.close();
        shared.close();
    }
}
