package io.fedfm.runtime.federation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.aggregate.ClientUpdate;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TaskAggregationTest {
    private final BufferAllocator allocator = new RootAllocator();
    private final TaskAggregation aggregation =
            new TaskAggregation(
                    Map.of("gate.a", "a", "gate.b", "b", "gate.c", "c"),
                    List.of(Map.of("a", 10L), Map.of("a", 30L, "b", 5L), Map.of("b", 15L)),
                    SampleWeightedMean::new,
                    allocator);

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    @Test
    void tasksAreAveragedOverTheirClientsByTheirRows() {
        try (ParameterVector global = vector(0, 0, 0, 0);
                ParameterVector first = vector(1, 1, 100, 100);
                ParameterVector second = vector(2, 5, 4, 100);
                ParameterVector third = vector(4, 100, 8, 100);
                ParameterVector result = vector(9, 9, 9, 9)) {
            aggregation.aggregate(
                    global,
                    List.of(update(0, 10, first), update(1, 35, second), update(2, 15, third)),
                    result);

            assertThat(value(result, "shared")).isEqualTo((10 + 2 * 35 + 4 * 15) / 60f);
            assertThat(value(result, "gate.a")).isEqualTo((10 + 5 * 30) / 40f);
            assertThat(value(result, "gate.b")).isEqualTo((4 * 5 + 8 * 15) / 20f);
        }
    }

    @Test
    void aTaskThatNoClientOfTheRoundHasStaysWhatItIs() {
        try (ParameterVector global = vector(1, 2, 3, 4);
                ParameterVector only = vector(5, 6, 7, 8);
                ParameterVector result = vector(0, 0, 0, 0)) {
            aggregation.aggregate(global, List.of(update(0, 10, only)), result);

            assertThat(value(result, "shared")).isEqualTo(5);
            assertThat(value(result, "gate.a")).isEqualTo(6);
            assertThat(value(result, "gate.b")).isEqualTo(3);
            assertThat(value(result, "gate.c")).isEqualTo(4);
        }
    }

    private static ClientUpdate update(int client, long samples, ParameterVector parameters) {
        return new ClientUpdate(client, samples, 0.5, parameters);
    }

    private static float value(ParameterVector vector, String name) {
        return vector.floats(name).get(0);
    }

    private ParameterVector vector(float shared, float a, float b, float c) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("gate.a", new long[] {1});
        shapes.put("shared", new long[] {2});
        shapes.put("gate.b", new long[] {1});
        shapes.put("gate.c", new long[] {1});
        ParameterVector vector = ParameterVector.zeros(allocator, ParameterLayout.of(shapes));
        vector.floats("shared").put(shared).put(shared);
        vector.floats("gate.a").put(a);
        vector.floats("gate.b").put(b);
        vector.floats("gate.c").put(c);
        return vector;
    }
}
