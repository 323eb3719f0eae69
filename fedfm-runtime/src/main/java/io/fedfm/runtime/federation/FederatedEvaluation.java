package io.fedfm.runtime.federation;

import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.data.FederatedData;
import io.fedfm.runtime.data.Row;
import io.fedfm.runtime.train.EntityTags;
import io.fedfm.runtime.train.Evaluation;
import io.fedfm.runtime.train.Evaluator;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Evaluates on held-out rows, or on all clients' training rows if none are held out.
 *
 * <p>If clients keep a part of the parameters, each client's own model is evaluated and the result
 * is over all clients: on held-out rows the mean over clients (each evaluates all of them), on
 * training rows each client's model on that client's rows.
 */
public final class FederatedEvaluation implements RoundEvaluation {
    private final Evaluator evaluator;
    private final Task task;
    private final FederatedData data;
    private final StateLayouts layouts;
    private final LocalParts locals;
    private final BufferAllocator allocator;

    /** An evaluation of these clients. */
    public FederatedEvaluation(
            Evaluator evaluator,
            Task task,
            FederatedData data,
            StateLayouts layouts,
            LocalParts locals,
            BufferAllocator allocator) {
        this.evaluator = evaluator;
        this.task = task;
        this.data = data;
        this.layouts = layouts;
        this.locals = locals;
        this.allocator = allocator;
    }

    @Override
    public Scores evaluate(ParameterVector shared) {
        boolean entities =
                task == Task.TOKEN_CLS && EntityTags.of(data.labels().names()).isPresent();
        return Scores.of(sum(shared), task, entities);
    }

    private Evaluation sum(ParameterVector shared) {
        List<Row> everybody =
                data.evaluatesTrainingRows()
                        ? data.clients().stream().flatMap(List::stream).toList()
                        : data.heldOut();
        if (layouts.local().size() == 0) {
            return evaluator.evaluate(shared, everybody);
        }
        IntFunction<List<Row>> rows =
                client -> data.evaluatesTrainingRows() ? data.clients().get(client) : everybody;
        try (ParameterVector full = ParameterVector.zeros(allocator, layouts.full())) {
            Evaluation sum = Evaluation.NONE;
            for (int client = 0; client < locals.clients(); client++) {
                layouts.join(shared, locals.of(client), full);
                sum = sum.plus(evaluator.evaluate(full, rows.apply(client)));
            }
            return sum;
        }
    }
}
