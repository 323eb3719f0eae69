package io.fedfm.runtime.train;

import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.config.ClientConfig;
import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.data.Collator;
import io.fedfm.runtime.data.InputNames;
import io.fedfm.runtime.data.Row;
import io.fedfm.runtime.data.TokenCollator;
import io.fedfm.runtime.data.TokenRow;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;

/** Rows that a bag of tokens can learn: the class of a row is that of most of its tokens. */
public final class TrainingFixture {
    public static final int VOCABULARY = 30;
    public static final int CLASSES = 3;
    public static final ParameterLayout LAYOUT = BagOfTokensProgram.layout(VOCABULARY, CLASSES);
    public static final Collator COLLATOR =
            new TokenCollator(new InputNames("ids", "mask", "", ""), Task.SEQ_CLS, 0);

    private TrainingFixture() {}

    public static List<Row> rows(int count, RandomGenerator random) {
        return IntStream.range(0, count)
                .<Row>mapToObj(
                        i -> {
                            int label = random.nextInt(CLASSES);
                            int[] tokens =
                                    random.ints(3 + random.nextInt(6), 0, VOCABULARY / CLASSES)
                                            .map(t -> t * CLASSES + label)
                                            .toArray();
                            tokens[0] = random.nextInt(VOCABULARY);
                            return TokenRow.of(tokens, label);
                        })
                .toList();
    }

    public static ClientConfig config(double rate) {
        return new ClientConfig(
                2,
                8,
                new ClientConfig.Optimizer("adamw", rate, 0.01, 0.9, 0.999, 1e-8),
                constant(),
                1.0,
                false);
    }

    public static ClientConfig.Schedule constant() {
        return new ClientConfig.Schedule("constant", 0, 0);
    }

    public static ParameterVector vector(BufferAllocator allocator, float... values) {
        ParameterVector vector =
                ParameterVector.zeros(
                        allocator, ParameterLayout.of(Map.of("w", new long[] {values.length})));
        vector.floats("w").put(values);
        return vector;
    }

    public static float[] floats(ParameterVector vector) {
        float[] values = new float[(int) vector.size()];
        vector.floats(0, values.length).get(values);
        return values;
    }
}
