package io.fedfm.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.runtime.config.DataConfig;
import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.config.PluginChoice;
import io.fedfm.runtime.config.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataLoaderTest {
    private static final List<String> TASKS = List.of("books", "films");
    private static final int VOCABULARY = 10;
    private static final InputNames INPUTS = new InputNames("ids", "mask", "", "");

    @TempDir private Path folder;

    @Test
    void holdsOutBeforeDealingAndPartitionNamesRowsOfTheFile() throws IOException {
        Path file = csv("train.csv", 50);

        FederatedData data = load(file, null, "held-out", 0);

        assertThat(data.labels().names()).containsExactly("no", "yes");
        assertThat(data.heldOut()).hasSize(10);
        assertThat(data.clients()).extracting(List::size).containsExactly(20, 20);
        Set<Integer> used = new HashSet<>();
        data.partition().forEach(part -> IntStream.of(part).forEach(used::add));
        assertThat(used).hasSize(40);
        for (int client = 0; client < 2; client++) {
            assertThat(data.clients().get(client).stream().map(Row::label))
                    .containsExactlyElementsOf(
                            IntStream.of(data.partition().get(client))
                                    .map(row -> row % 2)
                                    .boxed()
                                    .collect(Collectors.toList()));
        }
    }

    @Test
    void takesTheTestFileWhole() throws IOException {
        FederatedData data = load(csv("train.csv", 20), csv("test.csv", 6), "held-out", 2);

        assertThat(data.heldOut()).hasSize(6);
        assertThat(data.clients()).extracting(List::size).containsExactly(10, 10);
    }

    @Test
    void evaluatesTrainingRowsIfAsked() throws IOException {
        FederatedData data = load(csv("train.csv", 20), null, "train", 2);

        assertThat(data.evaluatesTrainingRows()).isTrue();
        assertThat(data.clients()).extracting(List::size).containsExactly(10, 10);
    }

    @Test
    void refusesLabelsThatDoNotMatch() throws IOException {
        Path train = csv("train.csv", 20);
        Path test = Files.writeString(folder.resolve("t.csv"), "text,label\ngood,perhaps\n");

        assertThatThrownBy(() -> load(train, null, "train", 3))
                .hasMessageContainingAll("num_labels is 3", "2 labels: no, yes");
        assertThatThrownBy(() -> load(train, test, "held-out", 2))
                .hasMessageContainingAll("t.csv:2", "'perhaps'");
    }

    @Test
    void refusesATokenizerOfAnotherModel() throws IOException {
        Path train = csv("train.csv", 20);
        DataLoader loader =
                new DataLoader(config(train, null, "train"), Task.SEQ_CLS, 2, Seeds.of(1));

        assertThatThrownBy(() -> loader.load(INPUTS, TokenizerFixture.folder(), 5, List.of()))
                .hasMessageContainingAll("embeddings for 5 tokens");
    }

    @Test
    void readsWindowsForLanguageModels() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "very good film ".repeat(40));
        DataLoader loader =
                new DataLoader(config(file, null, "held-out"), Task.CAUSAL_LM, 0, Seeds.of(1));

        FederatedData data = loader.load(INPUTS, TokenizerFixture.folder(), VOCABULARY, List.of());

        assertThat(data.labels().names()).isEmpty();
        assertThat(data.heldOut()).hasSize(3);
        assertThat(data.clients()).extracting(List::size).containsExactly(6, 6);
        assertThatThrownBy(() -> load(file, null, "train", 2)).hasMessageContaining("SEQ_CLS");
    }

    @Test
    void readsRowsOfTextForLanguageModelsWithoutLabels() throws IOException {
        Path file =
                Files.writeString(folder.resolve("a.jsonl"), "{\"text\":\"good\"}\n".repeat(10));
        DataLoader loader =
                new DataLoader(config(file, null, "train"), Task.CAUSAL_LM, 0, Seeds.of(1));

        FederatedData data = loader.load(INPUTS, TokenizerFixture.folder(), VOCABULARY, List.of());

        assertThat(data.clients()).extracting(List::size).containsExactly(5, 5);
        assertThat(data.clients().get(0).get(0)).isEqualTo(TokenRow.of(new int[] {2, 4, 3}, 0));
    }

    @Test
    void makesTheRandomTokensOfTheReferenceWorkload() {
        List<Long> sizes = List.of(202L, 279L, 192L, 114L, 206L);
        DataConfig config =
                new DataConfig(
                        "random-tokens",
                        null,
                        null,
                        "",
                        "",
                        "",
                        "",
                        "",
                        Map.of(),
                        64,
                        0,
                        "train",
                        sizes,
                        none());
        DataLoader loader = new DataLoader(config, Task.SEQ_CLS, 10, Seeds.of(42));

        FederatedData data = loader.load(INPUTS, folder, 1000, List.of());

        assertThat(data.clients()).extracting(List::size).containsExactly(202, 279, 192, 114, 206);
        assertThat(data.partition().get(1)[0]).isEqualTo(202);
        List<Row> rows = data.clients().stream().flatMap(List::stream).toList();
        assertThat(rows).allMatch(row -> row.length() == 64 && row.label() < 10);
        assertThat(
                        rows.stream()
                                .flatMapToInt(row -> IntStream.of(((TokenRow) row).tokens()))
                                .distinct()
                                .count())
                .isEqualTo(1000);
        assertThat(loader.load(INPUTS, folder, 1000, List.of()).clients())
                .isEqualTo(data.clients());
        assertThatThrownBy(() -> loader.load(INPUTS, folder, Integer.MAX_VALUE, List.of()))
                .hasMessageContaining("no word embeddings");
    }

    @Test
    void rowsAreOfTheTasksThatAColumnNames() throws IOException {
        Path train =
                Files.writeString(
                        folder.resolve("tasks.csv"),
                        "text,label,kind\na bad film,no,films\na good film,yes,books\n");

        FederatedData data =
                loader(train, "kind").load(INPUTS, TokenizerFixture.folder(), VOCABULARY, TASKS);

        assertThat(data.clients().stream().flatMap(List::stream))
                .extracting(Row::task)
                .containsExactlyInAnyOrder(1, 0);
    }

    @Test
    void tasksThatDoNotFitAreRefused() throws IOException {
        Path train =
                Files.writeString(
                        folder.resolve("tasks.csv"),
                        "text,label,kind\na bad film,no,films\na good film,yes,book\n");
        Path model = TokenizerFixture.folder();

        assertThatThrownBy(() -> loader(train, "kind").load(INPUTS, model, VOCABULARY, TASKS))
                .hasMessageContainingAll("tasks.csv:3", "'book'", "did you mean 'books'");
        assertThatThrownBy(() -> loader(train, "").load(INPUTS, model, VOCABULARY, TASKS))
                .hasMessageContaining("data.task must name the column");
        assertThatThrownBy(() -> loader(train, "kind").load(INPUTS, model, VOCABULARY, List.of()))
                .hasMessageContaining("has a use only with a method that tells tasks apart");
        assertThatThrownBy(() -> loader(train, "sort").load(INPUTS, model, VOCABULARY, TASKS))
                .hasMessageContaining("no column 'sort' (data.task)");
    }

    private static DataLoader loader(Path train, String task) {
        return new DataLoader(config(train, null, "train", task), Task.SEQ_CLS, 2, Seeds.of(1));
    }

    private FederatedData load(Path train, Path test, String evaluate, int labels) {
        return new DataLoader(config(train, test, evaluate), Task.SEQ_CLS, labels, Seeds.of(42))
                .load(INPUTS, TokenizerFixture.folder(), VOCABULARY, List.of());
    }

    private static DataConfig config(Path train, Path test, String evaluate) {
        return config(train, test, evaluate, "");
    }

    private static DataConfig config(Path train, Path test, String evaluate, String task) {
        return new DataConfig(
                "file",
                train,
                test,
                "text",
                "label",
                task,
                "",
                "",
                Map.of(),
                8,
                0.2,
                evaluate,
                List.of(),
                new PluginChoice("data.partitioner", "iid", Map.of("num_partitions", 2)));
    }

    private static PluginChoice none() {
        return PluginChoice.of("data.partitioner", "iid");
    }

    private Path csv(String name, int rows) throws IOException {
        StringBuilder text = new StringBuilder("text,label\n");
        for (int i = 0; i < rows; i++) {
            text.append(i % 2 == 0 ? "a very bad film,no\n" : "a very good film,yes\n");
        }
        return Files.writeString(folder.resolve(name), text.toString());
    }
}
