package io.fedfm.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaggedReaderTest {
    private static final Columns COLUMNS = new Columns("tokens", "tags");

    @TempDir private Path folder;

    @Test
    void readsListsOfJson() throws IOException {
        assertThat(
                        read(
                                "a.jsonl",
                                """
                                {"tokens": ["Ada", "wrote"], "tags": ["B-PER", "O"]}

                                {"tags": [0], "tokens": ["it"], "id": 4}
                                """))
                .containsExactly(
                        new TaggedRow(List.of("Ada", "wrote"), List.of("B-PER", "O"), 1),
                        new TaggedRow(List.of("it"), List.of("0"), 3));
    }

    @Test
    void readsColumnsOfWordsAndTags() throws IOException {
        assertThat(
                        read(
                                "a.conll",
                                """
                                -DOCSTART- -X- -X- O

                                Ada NNP B-NP B-PER
                                wrote VBD B-VP O


                                it\tO
                                """))
                .containsExactly(
                        new TaggedRow(List.of("Ada", "wrote"), List.of("B-PER", "O"), 3),
                        new TaggedRow(List.of("it"), List.of("O"), 7));
    }

    @Test
    void refusesWhatIsNoSentence() {
        assertRefused(
                "a.jsonl", "{\"tokens\": [\"a\"], \"tags\": []}", "a.jsonl:1", "1 words and 0");
        assertRefused("a.jsonl", "{\"tokens\": [], \"tags\": []}", "no words");
        assertRefused("a.jsonl", "{\"tokens\": \"a\", \"tags\": []}", "'tokens' is no list");
        assertRefused("a.jsonl", "{\"tokens\": [\"a\"], \"ner_tags\": [1]}", "no column 'tags'");
        assertRefused("a.jsonl", "{\"tokens\": [null], \"tags\": [1]}", "no word");
        assertRefused("a.conll", "Ada B-PER\nwrote\n", "a.conll:2", "'wrote' has no tag");
        assertRefused("a.conll", "\n\n", "no sentences");
        assertRefused("a.csv", "tokens,tags\n", ".conll");
    }

    private void assertRefused(String name, String text, String... words) {
        assertThatThrownBy(() -> read(name, text)).hasMessageContainingAll((CharSequence[]) words);
    }

    private List<TaggedRow> read(String name, String text) throws IOException {
        return TaggedReader.read(Files.writeString(folder.resolve(name), text), COLUMNS);
    }
}
