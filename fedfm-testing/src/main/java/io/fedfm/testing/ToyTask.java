package io.fedfm.testing;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.foundation.Foundation;
import io.fedfm.runtime.foundation.FoundationShape;
import io.fedfm.runtime.foundation.RandomWeights;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.SequenceClassification;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.ProgramCompiler;
import io.fedfm.runtime.weave.TaskInput;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToLongFunction;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A classification that takes milliseconds: in which half of the vocabulary is the first token?
 *
 * <p>The backbone is generated, an encoder of two blocks of width 16 with fixed random weights. Its
 * sites: {@code q k v o up down} in each block, the hidden states, the attentions, the word
 * embeddings.
 */
final class ToyTask implements AutoCloseable {
    private static final int WORDS = 32;
    private static final int ROWS = 8;
    private static final int LENGTH = 6;
    private static final long WEIGHTS = 7;

    private final BufferAllocator allocator;
    private final FrozenBackbone backbone;

    /**
     * Makes the backbone.
     *
     * @param cache a folder for its weights
     * @param allocator of all that is trained
     */
    ToyTask(Path cache, BufferAllocator allocator) {
        this.allocator = allocator;
        this.backbone =
                FrozenBackbone.of(
                        Foundation.build(
                                new FoundationShape(16, 2, 2, WORDS, 32),
                                new RandomWeights(WEIGHTS)),
                        cache);
    }

    /** What a method sees of the backbone. */
    Backbone sites() {
        return backbone.anatomy().backbone();
    }

    /** The backbone with a plan and a new head, compiled. */
    ToyModel compile(PeftPlan plan, boolean split) {
        Objective objective =
                new SequenceClassification(Pooling.MEAN, backbone.outputs().width(), 2);
        ProgramCompiler compiler =
                new ProgramCompiler(
                        backbone, plan, objective, ExecutionProviders.cpu(), 1, allocator);
        return new ToyModel(
                split ? compiler.split() : compiler.fused(),
                compiler.inline().trainables(),
                batch(plan.tasks().size()),
                allocator);
    }

    private static Batch batch(int tasks) {
        long[] ids = new Random(1).longs((long) ROWS * LENGTH, 0, WORDS).toArray();
        Map<String, Tensor> feeds = new HashMap<>();
        feeds.put(Foundation.INPUT, Tensor.longs(ids, ROWS, LENGTH));
        feeds.put(Batch.LABELS, rows(row -> ids[row * LENGTH] < WORDS / 2 ? 0 : 1));
        if (tasks > 0) {
            feeds.put(TaskInput.NAME, rows(row -> row % tasks));
        }
        return new Batch(feeds, ROWS, LENGTH);
    }

    private static Tensor rows(IntToLongFunction value) {
        long[] values =
                LongStream.range(0, ROWS).map(row -> value.applyAsLong((int) row)).toArray();
        return Tensor.longs(values, ROWS);
    }

    @Override
    public void close() {
        backbone.close();
    }
}
