package io.fedfm.runtime.train;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.config.ClientConfig;
import io.fedfm.runtime.config.Seeds;
import io.fedfm.runtime.data.Batches;
import io.fedfm.runtime.data.Collator;
import io.fedfm.runtime.data.Row;
import io.fedfm.runtime.program.Outcome;
import io.fedfm.runtime.program.Program;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A client's part of a round (McMahan et al. 2017, ClientUpdate): local epochs over its shuffled
 * rows, with moments that start at zero. Used by many threads at once, for different clients.
 */
public final class LocalTrainer {
    private final Program program;
    private final Collator collator;
    private final ClientConfig config;
    private final Schedule schedule;
    private final List<GradientStep> gradientSteps;
    private final Seeds seeds;
    private final BufferAllocator allocator;
    private final RateFactors rates;

    /** A trainer; {@code gradientSteps} are applied in order before each step of the optimizer. */
    public LocalTrainer(
            Program program,
            Collator collator,
            ClientConfig config,
            Schedule schedule,
            List<GradientStep> gradientSteps,
            Seeds seeds,
            BufferAllocator allocator) {
        this(program, collator, config, schedule, gradientSteps, seeds, allocator, RateFactors.ONE);
    }

    private LocalTrainer(
            Program program,
            Collator collator,
            ClientConfig config,
            Schedule schedule,
            List<GradientStep> gradientSteps,
            Seeds seeds,
            BufferAllocator allocator,
            RateFactors rates) {
        this.program = program;
        this.collator = collator;
        this.config = config;
        this.schedule = schedule;
        this.gradientSteps = List.copyOf(gradientSteps);
        this.seeds = seeds;
        this.allocator = allocator;
        this.rates = rates;
    }

    /** The same, with a learning rate of its own for each stretch of the parameters. */
    public LocalTrainer with(RateFactors factors) {
        return new LocalTrainer(
                program, collator, config, schedule, gradientSteps, seeds, allocator, factors);
    }

    /** The gradient steps that the settings of a client ask for. */
    public static List<GradientStep> gradientSteps(ClientConfig config) {
        return config.maxGradNorm() > 0
                ? List.of(new GradientClipping(config.maxGradNorm()))
                : List.of();
    }

    /**
     * Trains a copy of the task's parameters.
     *
     * @throws FedFmException UPDATE_INVALID if a loss or a parameter is not a finite number
     * @throws CancellationException if the thread is interrupted
     */
    public ClientResult train(ClientTask task) {
        ParameterVector parameters = task.start().copy(allocator);
        try (ParameterVector gradients = ParameterVector.zeros(allocator, parameters.layout());
                Optimizer optimizer = Optimizers.create(config.optimizer(), rates)) {
            double losses = 0;
            int step = 0;
            RandomGenerator order = seeds.stream("client", task.round(), task.client());
            for (int epoch = 0; epoch < config.localEpochs(); epoch++) {
                for (List<Row> rows : Batches.shuffled(task.rows(), config.batchSize(), order)) {
                    step++;
                    losses += gradient(task, step, rows, parameters, gradients);
                    optimizer.step(parameters, gradients, schedule.rate(task.round()));
                }
            }
            if (!parameters.isFinite()) {
                throw diverged(task, step, "parameters");
            }
            return new ClientResult(
                    task.client(), task.rows().size(), losses / step, step, parameters);
        } catch (RuntimeException | Error e) {
            parameters.close();
            throw e;
        }
    }

    private double gradient(
            ClientTask task,
            int step,
            List<Row> rows,
            ParameterVector parameters,
            ParameterVector gradients) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("client " + task.client() + " was told to stop");
        }
        long dropout = seeds.value("dropout", task.round(), task.client(), step);
        Outcome outcome = program.step(collator.collate(rows), parameters, gradients, dropout);
        if (!Double.isFinite(outcome.loss())) {
            throw diverged(task, step, "loss");
        }
        GradientStep.LocalStep at =
                new GradientStep.LocalStep(
                        task.round(), task.client(), step, task.start(), parameters);
        gradientSteps.forEach(change -> change.apply(at, gradients));
        return outcome.loss();
    }

    private static FedFmException diverged(ClientTask task, int step, String what) {
        return new FedFmException(
                ErrorCode.UPDATE_INVALID,
                "client "
                        + task.client()
                        + ", round "
                        + task.round()
                        + ", step "
                        + step
                        + ": the "
                        + what
                        + " is not finite; lower client.optimizer.lr or set client.max_grad_norm");
    }
}
