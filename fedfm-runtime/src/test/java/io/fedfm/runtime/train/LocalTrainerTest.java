package io.fedfm.runtime.train;

import static io.fedfm.runtime.train.TrainingFixture.CLASSES;
import static io.fedfm.runtime.train.TrainingFixture.COLLATOR;
import static io.fedfm.runtime.train.TrainingFixture.LAYOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.config.ClientConfig;
import io.fedfm.runtime.config.Seeds;
import io.fedfm.runtime.data.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LocalTrainerTest {
    private final BufferAllocator allocator = new RootAllocator();
    private final List<Row> rows = TrainingFixture.rows(50, new SplittableRandom(1));

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    @Test
    void learnsAndLeavesTheStartAsItWas() {
        try (ParameterVector start = ParameterVector.zeros(allocator, LAYOUT);
                ClientResult first = trainer(0.1, List.of()).train(task(1, start));
                ClientResult second = trainer(0.1, List.of()).train(task(2, first.parameters()))) {
            assertThat(TrainingFixture.floats(start)).containsOnly(0);
            assertThat(first.steps()).isEqualTo(14);
            assertThat(first.samples()).isEqualTo(50);
            assertThat(first.loss()).isLessThan(Math.log(CLASSES));
            assertThat(second.loss()).isLessThan(0.5 * first.loss());
        }
    }

    @Test
    void repeatsByRoundAndClient() {
        try (ParameterVector start = ParameterVector.zeros(allocator, LAYOUT);
                ClientResult first = trainer(0.1, List.of()).train(task(1, start));
                ClientResult again = trainer(0.1, List.of()).train(task(1, start));
                ClientResult other = trainer(0.1, List.of()).train(task(2, start))) {
            assertThat(TrainingFixture.floats(again.parameters()))
                    .isEqualTo(TrainingFixture.floats(first.parameters()))
                    .isNotEqualTo(TrainingFixture.floats(other.parameters()));
        }
    }

    @Test
    void gradientStepsSeeWhereTheClientIsAndChangeTheGradient() {
        List<GradientStep.LocalStep> seen = new ArrayList<>();
        GradientStep stop =
                (step, gradients) -> {
                    seen.add(step);
                    gradients.forEachChunk(
                            (from, count) -> gradients.floats(from, count).put(new float[count]));
                };
        try (ParameterVector start = ParameterVector.zeros(allocator, LAYOUT);
                ClientResult result = trainer(0.1, List.of(stop)).train(task(1, start))) {
            assertThat(TrainingFixture.floats(result.parameters())).containsOnly(0);
            assertThat(result.loss()).isEqualTo(Math.log(CLASSES), within(1e-6));
            assertThat(seen).extracting(GradientStep.LocalStep::step).contains(1, 14).hasSize(14);
            assertThat(seen).allMatch(step -> step.client() == 4 && step.start() == start);
        }
    }

    @Test
    void saysWhereTrainingDiverged() {
        try (ParameterVector start = ParameterVector.zeros(allocator, LAYOUT)) {
            GradientStep spoil = (step, gradients) -> gradients.floats("head").put(0, Float.NaN);

            assertThatThrownBy(() -> trainer(0.1, List.of(spoil)).train(task(3, start)))
                    .isInstanceOfSatisfying(
                            FedFmException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.UPDATE_INVALID))
                    .hasMessageContainingAll("client 4", "round 3", "step 2", "loss");
            start.floats("weight").put(0, Float.NaN);
            assertThatThrownBy(() -> trainer(1e-9, List.of()).train(task(3, start)))
                    .hasMessageContaining("not finite");
        }
    }

    @Test
    void stopsWhenInterrupted() {
        try (ParameterVector start = ParameterVector.zeros(allocator, LAYOUT)) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> trainer(0.1, List.of()).train(task(1, start)))
                    .isInstanceOf(CancellationException.class);
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void clipsAsTheSettingsSay() {
        assertThat(LocalTrainer.gradientSteps(TrainingFixture.config(1)))
                .hasExactlyElementsOfTypes(GradientClipping.class);
        ClientConfig unclipped =
                new ClientConfig(
                        1,
                        1,
                        TrainingFixture.config(1).optimizer(),
                        TrainingFixture.constant(),
                        0,
                        false);
        assertThat(LocalTrainer.gradientSteps(unclipped)).isEmpty();
    }

    private LocalTrainer trainer(double rate, List<GradientStep> steps) {
        return new LocalTrainer(
                new BagOfTokensProgram(CLASSES),
                COLLATOR,
                TrainingFixture.config(rate),
                new Schedule(TrainingFixture.constant(), rate, 5),
                steps,
                Seeds.of(42),
                allocator);
    }

    private ClientTask task(int round, ParameterVector start) {
        return new ClientTask(round, 4, rows, start);
    }
}
