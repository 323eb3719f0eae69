package io.fedfm.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LabelsTest {
    @Test
    void ordersNamesByAlphabetAndNumbersByValue() {
        assertThat(Labels.of(List.of("b", "a", "10", "b")).names()).containsExactly("10", "a", "b");
        assertThat(Labels.of(List.of("10", "9", "-1", "9")).names())
                .containsExactly("-1", "9", "10");
    }

    @Test
    void saysHowManyLabelsThereAre() {
        Labels labels = Labels.of(List.of("a", "b", "c"));

        labels.check(0, "x.csv");
        labels.check(3, "x.csv");
        assertThatThrownBy(() -> labels.check(2, "x.csv"))
                .hasMessageContainingAll("num_labels is 2", "x.csv has 3 labels: a, b, c");
        assertThatThrownBy(() -> Labels.of(List.of("a")).check(0, "x.csv"))
                .hasMessageContaining("nothing to learn");
    }

    @Test
    void refusesLabelsThatNobodyTrainsOn() {
        assertThatThrownBy(() -> Labels.of(List.of("card", "cash")).index("cart", "t.csv:3"))
                .hasMessageContainingAll("t.csv:3", "'cart'", "did you mean 'card'?");
    }
}
