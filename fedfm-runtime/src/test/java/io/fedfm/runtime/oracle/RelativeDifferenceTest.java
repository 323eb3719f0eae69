package io.fedfm.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class RelativeDifferenceTest {
    @Test
    void isTheNormOfTheDifferenceByTheNormOfTheSecond() {
        double difference = RelativeDifference.of(new float[] {3, 4.5f, 0}, new float[] {3, 4, 0});

        assertThat(difference).isCloseTo(0.1, within(1e-12));
        assertThat(RelativeDifference.of(3, -4)).isEqualTo(1.75);
    }

    @Test
    void isNothingWhereBothAreZeroAndEverythingWhereOnlyTheSecondIs() {
        float[] zeros = {0, 0};

        assertThat(RelativeDifference.of(zeros, zeros)).isZero();
        assertThat(RelativeDifference.of(new float[] {0, 1e-9f}, zeros)).isInfinite();
        assertThat(RelativeDifference.of(0, 0)).isZero();
    }

    @Test
    void isNoNumberWhereSomethingIsNone() {
        assertThat(RelativeDifference.of(new float[] {Float.NaN}, new float[] {Float.NaN})).isNaN();
    }

    @Test
    void needsTensorsOfOneSize() {
        assertThatThrownBy(() -> RelativeDifference.of(new float[1], new float[2]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNextToNothingCountsAsTheLeast() {
        assertThat(RelativeDifference.of(2e-9, -1e-9, 1e-3)).isCloseTo(3e-6, within(1e-12));
        assertThat(RelativeDifference.of(new float[] {3, 4}, new float[] {3, 0}, 8)).isEqualTo(0.5);
        assertThat(RelativeDifference.of(new float[] {3, 4}, new float[] {3, 0}, 2))
                .isEqualTo(RelativeDifference.of(new float[] {3, 4}, new float[] {3, 0}));
    }
}
