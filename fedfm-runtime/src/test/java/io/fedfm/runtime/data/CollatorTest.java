package io.fedfm.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.program.Batch;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CollatorTest {
    private static final InputNames ALL = new InputNames("ids", "mask", "types", "positions");
    private static final List<Row> ROWS =
            List.of(
                    new TokenRow(new int[] {5, 6, 7}, new int[] {0, 1, 1}, 2),
                    TokenRow.of(new int[] {8, 9}, 1));

    @Test
    void padsOnTheRightToTheLongestRow() {
        Batch batch = new TokenCollator(ALL, Task.SEQ_CLS, 99).collate(ROWS);

        assertThat(batch.rows()).isEqualTo(2);
        assertThat(batch.length()).isEqualTo(3);
        assertThat(values(batch, "ids")).containsExactly(5, 6, 7, 8, 9, 99);
        assertThat(values(batch, "mask")).containsExactly(1, 1, 1, 1, 1, 0);
        assertThat(values(batch, "types")).containsExactly(0, 1, 1, 0, 0, 0);
        assertThat(values(batch, "positions")).containsExactly(0, 1, 2, 0, 1, 2);
        assertThat(values(batch, Batch.LABELS)).containsExactly(2, 1);
        assertThat(batch.feeds().get("ids").shape()).containsExactly(2, 3);
        assertThat(batch.feeds().get(Batch.LABELS).shape()).containsExactly(2);
    }

    @Test
    void labelsOfLanguageModelsAreTheTokens() {
        Batch batch = new TokenCollator(ALL, Task.CAUSAL_LM, 99).collate(ROWS);

        long none = Batch.IGNORED;
        assertThat(values(batch, Batch.LABELS)).containsExactly(5, 6, 7, 8, 9, none);
        assertThat(batch.feeds().get(Batch.LABELS).shape()).containsExactly(2, 3);
    }

    @Test
    void labelsOfWordsAreTheirTargets() {
        int none = TokenRow.IGNORED;
        Row first = new TokenRow(new int[] {5, 6, 7}, new int[3], 0, new int[] {none, 4, none});
        Row second = new TokenRow(new int[] {8}, new int[1], 0, new int[] {2});

        for (Task task : List.of(Task.TOKEN_CLS, Task.CAUSAL_LM)) {
            Batch batch = new TokenCollator(ALL, task, 99).collate(List.of(first, second));

            assertThat(values(batch, Batch.LABELS)).containsExactly(none, 4, none, 2, none, none);
        }
    }

    @Test
    void feedsOnlyTheInputsThatTheBackboneHas() {
        Batch batch =
                new TokenCollator(new InputNames("ids", "", "", ""), Task.SEQ_CLS, 0).collate(ROWS);

        assertThat(batch.feeds()).containsOnlyKeys("ids", Batch.LABELS, Batch.TASK);
    }

    @Test
    void rowsTellTheirTasks() {
        Collator collator = new TokenCollator(ALL, Task.SEQ_CLS, 0);

        Batch batch = collator.collate(List.of(ROWS.get(0), ((TokenRow) ROWS.get(0)).ofTask(2)));

        assertThat(values(batch, Batch.TASK)).containsExactly(0, 2);
    }

    private static long[] values(Batch batch, String name) {
        return batch.feeds().get(name).toLongs();
    }
}
