package io.fedfm.runtime.federation;

import static io.fedfm.runtime.train.TrainingFixture.CLASSES;
import static io.fedfm.runtime.train.TrainingFixture.COLLATOR;
import static io.fedfm.runtime.train.TrainingFixture.LAYOUT;

import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.codec.UpdateCodec;
import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.config.Seeds;
import io.fedfm.runtime.data.FederatedData;
import io.fedfm.runtime.data.Labels;
import io.fedfm.runtime.data.Row;
import io.fedfm.runtime.train.BagOfTokensProgram;
import io.fedfm.runtime.train.Evaluator;
import io.fedfm.runtime.train.GradientStep;
import io.fedfm.runtime.train.LocalTrainer;
import io.fedfm.runtime.train.Schedule;
import io.fedfm.runtime.train.TrainingFixture;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;

/** A whole federation of five clients around a bag of tokens, wired by hand. */
public final class Simulation implements AutoCloseable {
    public static final int CLIENTS = 5;
    public static final long SEED = 42;

    private final BufferAllocator allocator;
    private final StateLayouts layouts;
    private final ParameterVector shared;
    private final LocalParts locals;
    private final ClientEngine engine;
    private final FederatedData data;

    public Simulation(
            BufferAllocator allocator, int workers, boolean localHead, GradientStep... steps) {
        this.allocator = allocator;
        this.layouts = StateLayouts.of(LAYOUT, name -> localHead && name.equals("head"));
        this.data = data();
        try (ParameterVector initial = ParameterVector.zeros(allocator, LAYOUT)) {
            this.shared = ParameterVector.zeros(allocator, layouts.shared());
            this.locals = LocalParts.initial(CLIENTS, layouts, initial, allocator);
        }
        LocalTrainer trainer =
                new LocalTrainer(
                        new BagOfTokensProgram(CLASSES),
                        COLLATOR,
                        TrainingFixture.config(0.1),
                        new Schedule(TrainingFixture.constant(), 0.1, 6),
                        List.of(steps),
                        Seeds.of(SEED),
                        allocator);
        this.engine =
                new ThreadEngine(
                        workers,
                        new LocalClient(
                                data.clients(),
                                trainer,
                                new UpdateCodec(layouts.shared(), allocator),
                                layouts,
                                locals,
                                PlainCompressor::new,
                                allocator));
    }

    public void run(int first, int last, int perRound, RoundListener listener) {
        run(first, last, perRound, listener, new SampleWeightedMean());
    }

    public void run(
            int first, int last, int perRound, RoundListener listener, Aggregator aggregator) {
        List<Long> sizes = data.clients().stream().map(rows -> (long) rows.size()).toList();
        Evaluator evaluator = new Evaluator(new BagOfTokensProgram(CLASSES), COLLATOR, 16, 2);
        new RoundLoop(
                        new ClientSelection(CLIENTS, perRound, Seeds.of(SEED)),
                        new Exchange(
                                engine,
                                new UpdateCodec(layouts.shared(), allocator),
                                new PlainCompressor(),
                                sizes),
                        aggregator,
                        new FederatedEvaluation(
                                evaluator, Task.SEQ_CLS, data, layouts, locals, allocator),
                        listener,
                        allocator)
                .run(first, last, shared);
    }

    public ParameterVector shared() {
        return shared;
    }

    public LocalParts locals() {
        return locals;
    }

    private static FederatedData data() {
        SplittableRandom random = new SplittableRandom(9);
        List<List<Row>> clients =
                List.of(30, 11, 17, 42, 23).stream()
                        .map(count -> TrainingFixture.rows(count, random))
                        .toList();
        return new FederatedData(
                Labels.numbered(CLASSES),
                clients,
                List.of(),
                TrainingFixture.rows(60, random),
                COLLATOR);
    }

    @Override
    public void close() {
        engine.close();
        shared.close();
        locals.close();
    }
}
