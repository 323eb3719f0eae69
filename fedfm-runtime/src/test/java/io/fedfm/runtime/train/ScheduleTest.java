package io.fedfm.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.runtime.config.ClientConfig;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
    @Test
    void staysConstant() {
        assertThat(rates("constant", 0, 0.1, 3)).containsExactly(2, 2, 2);
    }

    @Test
    void fallsByALineToTheLeastPartInTheLastRound() {
        assertThat(rates("linear", 0, 0.1, 4))
                .containsExactly(new double[] {2, 1.4, 0.8, 0.2}, within(1e-6));
    }

    @Test
    void fallsByHalfACosine() {
        assertThat(rates("cosine", 0, 0, 5))
                .containsExactly(
                        new double[] {2, 1 + Math.sqrt(0.5), 1, 1 - Math.sqrt(0.5), 0},
                        within(1e-6));
    }

    @Test
    void risesOverTheWarmUpToItsFullValue() {
        assertThat(rates("linear", 2, 0.5, 4))
                .containsExactly(new double[] {1, 2, 1.5, 1}, within(1e-6));
    }

    @Test
    void isFullInAnOnlyRound() {
        assertThat(rates("cosine", 0, 0, 1)).containsExactly(2);
        assertThat(rates("linear", 1, 0, 1)).containsExactly(2);
    }

    @Test
    void refusesOtherTypes() {
        assertThatThrownBy(() -> rates("step", 0, 0, 1)).hasMessageContaining("was 'step'");
    }

    private static double[] rates(String type, int warmup, double least, int rounds) {
        Schedule schedule = new Schedule(new ClientConfig.Schedule(type, warmup, least), 2, rounds);
        return IntStream.rangeClosed(1, rounds).mapToDouble(schedule::rate).toArray();
    }
}
