package io.fedfm.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.config.ClientConfig;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OptimizersTest {
    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    @Test
    void adamWAndClippingAgreeWithPyTorchOverTenSteps() throws IOException {
        JsonNode fixture =
                new ObjectMapper()
                        .readTree(OptimizersTest.class.getResourceAsStream("/adamw/adamw.json"));
        JsonNode config = fixture.get("config");
        GradientStep clipping = new GradientClipping(config.get("max_norm").asDouble());
        try (ParameterVector parameters =
                        TrainingFixture.vector(allocator, floats(fixture.get("start")));
                ParameterVector gradients = parameters.copy(allocator);
                Optimizer optimizer = Optimizers.create(adamW(config), RateFactors.ONE)) {
            for (int step = 0; step < 10; step++) {
                gradients.floats("w").put(floats(fixture.get("gradients").get(step)));

                clipping.apply(null, gradients);
                optimizer.step(parameters, gradients, config.get("lr").asDouble());

                assertThat(TrainingFixture.floats(gradients))
                        .containsExactly(floats(fixture.get("clipped").get(step)), within(1e-6f));
                assertThat(TrainingFixture.floats(parameters))
                        .containsExactly(floats(fixture.get("after").get(step)), within(1e-6f));
            }
        }
    }

    @Test
    void adamWAgreesWithThePeftLibrarysLoraPlusOptimizer() throws IOException {
        JsonNode fixture =
                new ObjectMapper()
                        .readTree(OptimizersTest.class.getResourceAsStream("/adamw/loraplus.json"));
        JsonNode config = fixture.get("config");
        Map<String, long[]> shapes = new LinkedHashMap<>();
        List.of("a", "b", "c", "d").forEach(name -> shapes.put(name, new long[] {1, 6}));
        ParameterLayout layout = ParameterLayout.of(shapes);
        double ratio = config.get("ratio").asDouble();
        RateFactors factors = RateFactors.of(layout, name -> name.equals("b") ? ratio : 1);
        try (ParameterVector parameters = ParameterVector.zeros(allocator, layout);
                ParameterVector gradients = ParameterVector.zeros(allocator, layout);
                Optimizer optimizer = Optimizers.create(adamW(config), factors)) {
            parameters.floats(0, 24).put(floats(fixture.get("start")));
            for (int step = 0; step < 10; step++) {
                gradients.floats(0, 24).put(floats(fixture.get("gradients").get(step)));

                optimizer.step(parameters, gradients, config.get("lr").asDouble());

                assertThat(TrainingFixture.floats(parameters))
                        .containsExactly(floats(fixture.get("after").get(step)), within(1e-6f));
            }
        }
    }

    @Test
    void sgdTakesTheRateOfEachStretch() {
        try (ParameterVector parameters = TrainingFixture.vector(allocator, 1, 2, 3);
                ParameterVector gradients = TrainingFixture.vector(allocator, 10, 10, 10);
                Optimizer optimizer =
                        new Sgd(
                                0.5,
                                new RateFactors(
                                        List.of(
                                                new RateFactors.Stretch(0, 2, 1),
                                                new RateFactors.Stretch(2, 1, 4))))) {
            optimizer.step(parameters, gradients, 0.1);

            assertThat(TrainingFixture.floats(parameters))
                    .containsExactly(new float[] {-0.05f, 0.9f, -1.6f}, within(1e-6f));
        }
    }

    @Test
    void adamWUpdatesEveryPieceOfALongVector() {
        int size = (1 << 20) + 5;
        ParameterLayout layout = ParameterLayout.of(Map.of("w", new long[] {size}));
        try (ParameterVector parameters = ParameterVector.zeros(allocator, layout);
                ParameterVector gradients = ParameterVector.zeros(allocator, layout);
                Optimizer optimizer =
                        new AdamW(new ClientConfig.Optimizer("adamw", 0.1, 0, 0.9, 0.999, 1e-12))) {
            gradients.floats("w").put(3, 1f).put(size - 1, -1f);

            optimizer.step(parameters, gradients, 0.1);

            assertThat(parameters.floats("w").get(3)).isEqualTo(-0.1f, within(1e-6f));
            assertThat(parameters.floats("w").get(size - 1)).isEqualTo(0.1f, within(1e-6f));
        }
    }

    @Test
    void clippingTakesTheNormOverAllPieces() {
        int size = (1 << 20) + 1;
        ParameterLayout layout = ParameterLayout.of(Map.of("w", new long[] {size}));
        try (ParameterVector gradients = ParameterVector.zeros(allocator, layout)) {
            gradients.floats("w").put(0, 3f).put(size - 1, -4f);

            new GradientClipping(1).apply(null, gradients);

            assertThat(gradients.floats("w").get(0)).isEqualTo(0.6f, within(1e-6f));
            assertThat(gradients.floats("w").get(size - 1)).isEqualTo(-0.8f, within(1e-6f));
        }
    }

    @Test
    void sgdStepsDownTheGradient() {
        try (ParameterVector parameters = TrainingFixture.vector(allocator, 1, 2);
                ParameterVector gradients = TrainingFixture.vector(allocator, 10, -10);
                Optimizer optimizer = new Sgd(0.5)) {
            optimizer.step(parameters, gradients, 0.1);

            assertThat(TrainingFixture.floats(parameters))
                    .containsExactly(new float[] {-0.05f, 2.9f}, within(1e-6f));
            assertThat(TrainingFixture.floats(gradients)).containsExactly(10, -10);
        }
    }

    @Test
    void refusesOtherOptimizers() {
        assertThatThrownBy(
                        () ->
                                Optimizers.create(
                                        new ClientConfig.Optimizer("nag", 1, 0, 0.9, 0.9, 1e-8),
                                        RateFactors.ONE))
                .hasMessageContaining("adamw or sgd, was 'nag'");
    }

    private static ClientConfig.Optimizer adamW(JsonNode config) {
        return new ClientConfig.Optimizer(
                "adamw",
                config.get("lr").asDouble(),
                config.get("weight_decay").asDouble(),
                config.get("beta1").asDouble(),
                config.get("beta2").asDouble(),
                config.get("epsilon").asDouble());
    }

    private static float[] floats(JsonNode list) {
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) list.get(i).asDouble();
        }
        return values;
    }
}
