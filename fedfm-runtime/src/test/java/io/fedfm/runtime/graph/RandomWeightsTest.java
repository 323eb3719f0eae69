package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.runtime.program.TinyEncoder;
import org.junit.jupiter.api.Test;

final class RandomWeightsTest {
    private final Graph trained = TinyEncoder.plain();
    private final Graph drawn = RandomWeights.draw(trained, 5);

    @Test
    void drawsMatricesAndResetsNormsAndBiases() {
        float[] words = drawn.initializers().get("words").toFloats();
        double squares = 0;
        for (float word : words) {
            squares += word * word;
        }
        assertThat(Math.sqrt(squares / words.length)).isCloseTo(0.02, within(0.005));
        assertThat(drawn.initializers().get("norm1.weight").toFloats()).containsOnly(1f);
        assertThat(drawn.initializers().get("norm1.bias").toFloats()).containsOnly(0f);
        assertThat(drawn.initializers().get("q.bias").toFloats()).containsOnly(0f);
    }

    @Test
    void keepsScalarsIntegersAndTheTrainedGraph() {
        trained.initializers()
                .forEach(
                        (name, tensor) -> {
                            Tensor other = drawn.initializers().get(name);
                            assertThat(other.shape()).isEqualTo(tensor.shape());
                            boolean weight =
                                    name.equals("words")
                                            || name.endsWith("weight")
                                            || name.endsWith("bias");
                            assertThat(other.data().equals(tensor.data()))
                                    .as(name)
                                    .isEqualTo(!weight);
                        });
        assertThat(trained.initializers().get("words").data())
                .isEqualTo(TinyEncoder.plain().initializers().get("words").data());
    }

    @Test
    void followsTheSeed() {
        assertThat(words(5)).containsExactly(drawn.initializers().get("words").toFloats());
        assertThat(words(6)).isNotEqualTo(words(5));
    }

    private float[] words(long seed) {
        return RandomWeights.draw(trained, seed).initializers().get("words").toFloats();
    }
}
