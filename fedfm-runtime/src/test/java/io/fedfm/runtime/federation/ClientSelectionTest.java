package io.fedfm.runtime.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.runtime.config.Seeds;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ClientSelectionTest {
    @Test
    void takesAllIfNoNumberIsGiven() {
        assertThat(new ClientSelection(4, 0, Seeds.of(1)).select(1)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void takesDistinctClientsInOrderBySeedAndRound() {
        ClientSelection selection = new ClientSelection(20, 5, Seeds.of(1));

        List<Integer> first = selection.select(1);
        assertThat(first).hasSize(5).isSorted().doesNotHaveDuplicates();
        assertThat(selection.select(1)).isEqualTo(first);
        assertThat(selection.select(2)).isNotEqualTo(first);
        assertThat(new ClientSelection(20, 5, Seeds.of(2)).select(1)).isNotEqualTo(first);
    }

    @Test
    void everyClientHasItsTurn() {
        ClientSelection selection = new ClientSelection(20, 5, Seeds.of(1));
        Set<Integer> seen =
                IntStream.rangeClosed(1, 40)
                        .boxed()
                        .flatMap(round -> selection.select(round).stream())
                        .collect(Collectors.toSet());

        assertThat(seen).hasSize(20);
    }

    @Test
    void refusesMoreThanThereAre() {
        assertThatThrownBy(() -> new ClientSelection(3, 4, Seeds.of(1)))
                .hasMessageContainingAll("clients_per_round is 4", "3 clients");
    }
}
