package io.fedfm.plugin.fedavg;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.Settings;
import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.aggregate.ClientUpdate;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.testing.ParameterVectors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FedAvgTest {
    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    @Test
    void weighsClientsByTheirRows() {
        assertThat(mean(Map.of(), 1, 3)).containsExactly(7.75f, 2f);
    }

    @Test
    void weighsClientsAlikeOnRequest() {
        assertThat(mean(Map.of("weighting", "uniform"), 1, 3)).containsExactly(5.5f, 4f);
    }

    @Test
    void clientsWithoutRowsCountAlike() {
        assertThat(mean(Map.of(), 0, 0)).containsExactly(5.5f, 4f);
    }

    @Test
    void sumsInDouble() {
        int clients = 4;
        try (ParameterVector global = ParameterVectors.of(allocator, 0);
                ParameterVector large = ParameterVectors.of(allocator, 1e9f);
                ParameterVector small = ParameterVectors.of(allocator, 4f);
                ParameterVector minus = ParameterVectors.of(allocator, -1e9f);
                ParameterVector result = ParameterVectors.of(allocator, 0)) {
            aggregator(Map.of())
                    .aggregate(
                            global,
                            List.of(
                                    new ClientUpdate(0, 1, 0, large),
                                    new ClientUpdate(1, 1, 0, small),
                                    new ClientUpdate(2, 1, 0, small),
                                    new ClientUpdate(3, 1, 0, minus)),
                            result);

            assertThat(ParameterVectors.values(result)).containsExactly(8f / clients);
        }
    }

    /** More elements than one chunk of a vector has. */
    @Test
    void averagesEveryElementOfALongVector() {
        int size = (1 << 20) + 3;
        try (ParameterVector global = ParameterVectors.of(allocator, new float[size]);
                ParameterVector ones = ParameterVectors.of(allocator, filled(size, 1));
                ParameterVector threes = ParameterVectors.of(allocator, filled(size, 3));
                ParameterVector result = ParameterVectors.of(allocator, new float[size])) {
            aggregator(Map.of())
                    .aggregate(
                            global,
                            List.of(
                                    new ClientUpdate(0, 5, 0, ones),
                                    new ClientUpdate(1, 5, 0, threes)),
                            result);

            assertThat(ParameterVectors.values(result)).isEqualTo(filled(size, 2));
        }
    }

    private static float[] filled(int size, float value) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return values;
    }

    private float[] mean(Map<String, Object> settings, long firstRows, long secondRows) {
        try (ParameterVector global = ParameterVectors.of(allocator, 0, 0);
                ParameterVector first = ParameterVectors.of(allocator, 1, 8);
                ParameterVector second = ParameterVectors.of(allocator, 10, 0);
                ParameterVector result = ParameterVectors.of(allocator, 0, 0)) {
            aggregator(settings)
                    .aggregate(
                            global,
                            List.of(
                                    new ClientUpdate(0, firstRows, 0, first),
                                    new ClientUpdate(1, secondRows, 0, second)),
                            result);
            return ParameterVectors.values(result);
        }
    }

    private static Aggregator aggregator(Map<String, Object> settings) {
        return new FedAvgFactory().create(Settings.of("aggregator", settings));
    }
}
