package io.fedfm.runtime.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.train.GradientStep;
import io.fedfm.runtime.train.TrainingFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RoundLoopTest {
    private final BufferAllocator allocator = new RootAllocator();
    private final List<RoundResult> results = new ArrayList<>();

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    @Test
    void learnsAndTellsWhatEachRoundGave() {
        try (Simulation simulation = new Simulation(allocator, 2, false)) {
            simulation.run(1, 6, 0, this::record);
        }

        assertThat(results).extracting(RoundResult::round).containsExactly(1, 2, 3, 4, 5, 6);
        RoundResult first = results.get(0);
        RoundResult last = results.get(5);
        assertThat(last.metrics().get("accuracy")).isGreaterThan(0.9);
        assertThat(last.metrics().get("loss")).isLessThan(first.metrics().get("loss"));
        assertThat(last.evaluatedRows()).isEqualTo(60);
        assertThat(first.clients())
                .extracting(RoundResult.ClientReport::client)
                .containsExactly(0, 1, 2, 3, 4);
        assertThat(first.clients())
                .extracting(RoundResult.ClientReport::samples)
                .containsExactly(30L, 11L, 17L, 42L, 23L);
        // Two epochs of ceil(rows / 8) steps.
        assertThat(first.steps()).isEqualTo(2 * (4 + 2 + 3 + 6 + 3));
        double weighted =
                first.clients().stream().mapToDouble(c -> c.loss() * c.samples()).sum() / 123;
        assertThat(first.loss()).isEqualTo(weighted, within(1e-12));
    }

    @Test
    void countsTheBytesThatTravel() {
        try (Simulation simulation = new Simulation(allocator, 2, false)) {
            simulation.run(1, 1, 2, this::record);
        }
        try (Simulation simulation = new Simulation(allocator, 2, true)) {
            simulation.run(1, 1, 2, this::record);
        }

        long all = 4 * TrainingFixture.LAYOUT.size();
        long head = 4L * TrainingFixture.CLASSES;
        RoundResult.Communication shared = results.get(0).communication();
        RoundResult.Communication local = results.get(1).communication();
        assertThat(shared.upBytes()).isEqualTo(shared.downBytes());
        assertThat(shared.upBytes()).isBetween(2 * all, 2 * (all + 128));
        assertThat(local.upBytes()).isEqualTo(shared.upBytes() - 2 * head);
    }

    @Test
    void theNumberOfWorkersChangesNoBit() {
        assertThat(parametersAfterFourRounds(1)).isEqualTo(parametersAfterFourRounds(4));
    }

    @Test
    void localHeadsStayWithTheirClients() {
        try (Simulation simulation = new Simulation(allocator, 2, true)) {
            simulation.run(1, 3, 2, this::record);

            assertThat(simulation.shared().layout().entries())
                    .extracting(entry -> entry.name())
                    .containsExactly("weight");
            Set<Integer> trained = new ConcurrentSkipListSet<>();
            results.forEach(r -> r.clients().forEach(c -> trained.add(c.client())));
            for (int client = 0; client < Simulation.CLIENTS; client++) {
                float[] head = TrainingFixture.floats(simulation.locals().of(client));
                if (trained.contains(client)) {
                    assertThat(head).isNotEqualTo(new float[TrainingFixture.CLASSES]);
                } else {
                    assertThat(head).containsOnly(0);
                }
            }
            assertThat(results.get(2).evaluatedRows()).isEqualTo(60L * Simulation.CLIENTS);
        }
    }

    @Test
    void aFailingClientEndsTheRunWithItsName() {
        GradientStep fail =
                (step, gradients) -> {
                    if (step.round() == 2 && step.client() == 3) {
                        throw new IllegalStateException("out of luck");
                    }
                };
        try (Simulation simulation = new Simulation(allocator, 3, false, fail)) {
            assertThatThrownBy(() -> simulation.run(1, 5, 0, this::record))
                    .isInstanceOfSatisfying(
                            FedFmException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.RUN_FAILED))
                    .hasMessageContainingAll("client 3", "round 2", "out of luck");
        }
        assertThat(results).hasSize(1);
    }

    @Test
    void aFailingAggregatorIsNamed() {
        Aggregator failing =
                (global, updates, result) -> {
                    throw new ArithmeticException("by zero");
                };
        Aggregator spoiling = (global, updates, result) -> result.floats("head").put(0, Float.NaN);
        try (Simulation simulation = new Simulation(allocator, 2, false)) {
            assertThatThrownBy(() -> simulation.run(1, 1, 0, this::record, failing))
                    .hasMessageContainingAll("aggregator failed", "by zero");
            assertThatThrownBy(() -> simulation.run(1, 1, 0, this::record, spoiling))
                    .hasMessageContainingAll("round 1", "not finite");
        }
    }

    @Test
    void tellsTheListenerOfEveryClient() {
        Set<String> seen = new ConcurrentSkipListSet<>();
        RoundListener listener =
                new RoundListener() {
                    @Override
                    public void roundStarted(int round, int clients) {
                        seen.add(round + " with " + clients);
                    }

                    @Override
                    public void clientFinished(int round, int client) {
                        seen.add(round + ":" + client);
                    }

                    @Override
                    public void roundFinished(RoundResult result, ParameterVector shared) {
                        seen.add(result.round() + " done");
                    }
                };
        try (Simulation simulation = new Simulation(allocator, 2, false)) {
            simulation.run(1, 1, 0, RoundListener.all(List.of(this::record, listener)));
        }

        assertThat(seen)
                .containsExactlyInAnyOrder("1 with 5", "1:0", "1:1", "1:2", "1:3", "1:4", "1 done");
    }

    private float[] parametersAfterFourRounds(int workers) {
        try (Simulation simulation = new Simulation(allocator, workers, false)) {
            simulation.run(1, 4, 3, this::record);
            return TrainingFixture.floats(simulation.shared());
        }
    }

    private void record(RoundResult result, ParameterVector shared) {
        results.add(result);
    }
}
