package io.fedfm.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BatchesTest {
    private final List<Row> rows =
            IntStream.range(0, 10)
                    .<Row>mapToObj(i -> TokenRow.of(new int[1 + i * 3 % 5], i))
                    .toList();

    @Test
    void shufflesBySeedAndKeepsTheLastPartialBatch() {
        List<List<Row>> batches = Batches.shuffled(rows, 4, new SplittableRandom(1));

        assertThat(batches).extracting(List::size).containsExactly(4, 4, 2);
        assertThat(batches.stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(rows)
                .isNotEqualTo(rows);
        assertThat(Batches.shuffled(rows, 4, new SplittableRandom(1))).isEqualTo(batches);
        assertThat(Batches.shuffled(rows, 4, new SplittableRandom(2))).isNotEqualTo(batches);
    }

    @Test
    void sortsByLengthForEvaluation() {
        List<List<Row>> batches = Batches.byLength(rows, 3);

        assertThat(batches.stream().flatMap(List::stream).mapToInt(Row::length))
                .containsExactly(1, 1, 2, 2, 3, 3, 4, 4, 5, 5);
        assertThat(batches).hasSize(4);
    }
}
