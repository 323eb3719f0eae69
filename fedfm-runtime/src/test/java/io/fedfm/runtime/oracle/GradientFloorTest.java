package io.fedfm.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.runtime.graph.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GradientFloorTest {
    private final Tensor usual = Tensor.floats(new float[] {2, -2, 2}, 3);
    private final Tensor none = Tensor.floats(new float[] {1e-9f}, 1);
    private final GradientFloor floor = GradientFloor.of(Map.of("q.bias", usual, "k.bias", none));

    @Test
    void isAHundredthOfTheRootMeanSquareOfAllElements() {
        double element = 0.01 * Math.sqrt(3);
        assertThat(floor.norm(1)).isCloseTo(element, within(1e-9));
        assertThat(floor.norm(4)).isCloseTo(2 * element, within(1e-9));
        assertThat(floor.slope(3)).isCloseTo(3 * element, within(1e-9));
    }

    @Test
    void isAboveOnlyWhatIsNextToNothing() {
        assertThat(floor.isAbove(none)).isTrue();
        assertThat(floor.isAbove(usual)).isFalse();
        assertThat(floor.isAbove(Tensor.floats(new float[] {0.02f}, 1))).isFalse();
    }
}
