package io.fedfm.runtime.train;

import static io.fedfm.runtime.train.TrainingFixture.CLASSES;
import static io.fedfm.runtime.train.TrainingFixture.COLLATOR;
import static io.fedfm.runtime.train.TrainingFixture.LAYOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.data.Row;
import io.fedfm.runtime.program.Outcome;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EvaluatorTest {
    private final BufferAllocator allocator = new RootAllocator();
    private final List<Row> rows = TrainingFixture.rows(101, new SplittableRandom(1));

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    @Test
    void theResultDoesNotDependOnThreadsToTheLastBit() {
        try (ParameterVector parameters = random()) {
            Evaluation one = evaluator(7, 1).evaluate(parameters, rows);
            Evaluation four = evaluator(7, 4).evaluate(parameters, rows);

            assertThat(four).isEqualTo(one);
            assertThat(one.rows()).isEqualTo(101);
            assertThat(one.labels()).isEqualTo(101);
        }
    }

    @Test
    void everyRowCountsTheSameWhateverTheBatch() {
        try (ParameterVector parameters = random()) {
            Evaluation small = evaluator(7, 1).evaluate(parameters, rows);
            Evaluation whole = evaluator(101, 1).evaluate(parameters, rows);

            assertThat(small.loss()).isEqualTo(whole.loss(), within(1e-9));
            assertThat(small.correct()).isEqualTo(whole.correct());
        }
    }

    @Test
    void addsUp() {
        Evaluation sum =
                Evaluation.of(2, new Outcome(1.0, 10, 4))
                        .plus(Evaluation.of(1, new Outcome(2.0, 30, 6)));

        assertThat(sum.rows()).isEqualTo(3);
        assertThat(sum.loss()).isEqualTo(1.75);
        assertThat(sum.accuracy()).isEqualTo(0.25);
        assertThat(sum.perplexity()).isEqualTo(Math.exp(1.75));
    }

    @Test
    void refusesALossThatIsNotFinite() {
        try (ParameterVector parameters = random()) {
            parameters.floats("head").put(0, Float.NaN);

            assertThatThrownBy(() -> evaluator(7, 1).evaluate(parameters, rows))
                    .hasMessageContaining("not finite");
            assertThatThrownBy(() -> evaluator(7, 3).evaluate(parameters, rows))
                    .hasMessageContaining("not finite");
        }
    }

    private ParameterVector random() {
        SplittableRandom random = new SplittableRandom(5);
        ParameterVector vector = ParameterVector.zeros(allocator, LAYOUT);
        for (int i = 0; i < vector.size(); i++) {
            vector.floats(0, (int) vector.size()).put(i, (float) random.nextGaussian());
        }
        return vector;
    }

    private static Evaluator evaluator(int batchSize, int workers) {
        return new Evaluator(new BagOfTokensProgram(CLASSES), COLLATOR, batchSize, workers);
    }
}
