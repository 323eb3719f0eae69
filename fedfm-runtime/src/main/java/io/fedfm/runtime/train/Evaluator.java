package io.fedfm.runtime.train;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.data.Batches;
import io.fedfm.runtime.data.Collator;
import io.fedfm.runtime.data.Row;
import io.fedfm.runtime.program.Outcome;
import io.fedfm.runtime.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Evaluates parameters on rows, several batches at once. Batches are added up in their order, so
 * the result does not depend on the number of threads.
 */
public final class Evaluator {
    private final Program program;
    private final Collator collator;
    private final int batchSize;
    private final int workers;
    private final Optional<EntityTags> tags;

    /** An evaluator that runs {@code workers} batches at once. */
    public Evaluator(Program program, Collator collator, int batchSize, int workers) {
        this(program, collator, batchSize, workers, Optional.empty());
    }

    /** The same, which counts entities, too, if labels are tags of such. */
    public Evaluator(
            Program program,
            Collator collator,
            int batchSize,
            int workers,
            Optional<EntityTags> tags) {
        this.program = program;
        this.collator = collator;
        this.batchSize = batchSize;
        this.workers = workers;
        this.tags = tags;
    }

    /** The loss of these rows; {@code parameters} are borrowed. */
    public Evaluation evaluate(ParameterVector parameters, List<Row> rows) {
        List<List<Row>> batches = Batches.byLength(rows, batchSize);
        if (workers == 1 || batches.size() < 2) {
            return batches.stream()
                    .map(batch -> evaluateBatch(parameters, batch))
                    .reduce(Evaluation.NONE, Evaluation::plus);
        }
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(workers, batches.size()));
        try {
            List<Future<Evaluation>> futures = new ArrayList<>();
            for (List<Row> batch : batches) {
                futures.add(pool.submit(() -> evaluateBatch(parameters, batch)));
            }
            Evaluation sum = Evaluation.NONE;
            for (Future<Evaluation> future : futures) {
                sum = sum.plus(future.get());
            }
            return sum;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FedFmException known) {
                throw known;
            }
            throw new FedFmException(
                    ErrorCode.RUN_FAILED, "evaluation failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FedFmException(ErrorCode.RUN_FAILED, "evaluation was interrupted", e);
        } finally {
            // close() comes with Java 19; borrowed parameters must outlive every batch.
            Pools.stop(pool);
        }
    }

    private Evaluation evaluateBatch(ParameterVector parameters, List<Row> rows) {
        Outcome outcome = program.evaluate(collator.collate(rows), parameters);
        Evaluation evaluation = Evaluation.of(rows.size(), outcome);
        if (!Double.isFinite(evaluation.lossSum())) {
            throw new FedFmException(
                    ErrorCode.RUN_FAILED,
                    "the loss of the evaluated rows is not finite; lower client.optimizer.lr");
        }
        return tags.map(t -> evaluation.with(t.count(rows, outcome.predicted())))
                .orElse(evaluation);
    }
}
