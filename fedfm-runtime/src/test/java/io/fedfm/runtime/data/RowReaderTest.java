package io.fedfm.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RowReaderTest {
    private static final Columns COLUMNS = new Columns("text", "label");

    @TempDir private Path folder;

    @Test
    void readsCsvWithQuotesAndReordersColumns() throws IOException {
        Path file = file("a.csv", "\uFEFFlabel,text\nx,\"one, \"\"two\"\"\nthree\"\ny,four\n");

        assertThat(RowReader.readRows(file, COLUMNS))
                .containsExactly(
                        new TextRow("one, \"two\"\nthree", "x", 2), new TextRow("four", "y", 4));
    }

    @Test
    void readsTsvWithAndWithoutHeaderAndTakesQuotesAsTheyAre() throws IOException {
        List<TextRow> headed =
                RowReader.readRows(file("a.tsv", "id\tlabel\ttext\n1\tx\t\"one\n"), COLUMNS);
        List<TextRow> bare = RowReader.readRows(file("b.tsv", "\"one\tx\ntwo\ty\n"), COLUMNS);

        assertThat(headed).containsExactly(new TextRow("\"one", "x", 2));
        assertThat(bare).containsExactly(new TextRow("\"one", "x", 1), new TextRow("two", "y", 2));
    }

    @Test
    void readsJsonLines() throws IOException {
        Path file =
                file(
                        "a.jsonl",
                        "{\"text\":\"one\",\"label\":3}\n\n{\"label\":true,\"text\":\"b\"}");

        assertThat(RowReader.readRows(file, COLUMNS))
                .containsExactly(new TextRow("one", "3", 1), new TextRow("b", "true", 3));
    }

    @Test
    void readsNoLabelsWhereNoneAreAskedFor() throws IOException {
        Path file = file("a.csv", "text\none\n");

        assertThat(RowReader.readRows(file, new Columns("text", "")))
                .containsExactly(new TextRow("one", "", 2));
    }

    @Test
    void namesTheMissingColumnTheOnesThereAreAndTheLikelyOne() throws IOException {
        Path file = file("a.csv", "text,lable\none,x\n");

        assertInvalid(file, "no column 'label'", "text, lable", "did you mean 'lable'?");
    }

    @Test
    void namesFileAndLineOfRowsThatLackSomething() throws IOException {
        assertInvalid(file("a.csv", "text,label\none,x\ntwo,\n"), "a.csv:3", "no label");
        assertInvalid(file("b.csv", "text,label\none\n"), "b.csv:2", "no label");
        assertInvalid(file("c.tsv", " \tx\n"), "c.tsv:1", "empty");
        assertInvalid(file("d.jsonl", "{\"text\":\"one\"}\n"), "d.jsonl:1", "no label");
        assertInvalid(file("e.jsonl", "{\"txt\":\"one\",\"label\":1}\n"), "no column 'text'");
        assertInvalid(file("f.jsonl", "{\"text\":\n"), "f.jsonl:1", "not JSON");
        assertInvalid(file("g.jsonl", "[1]\n"), "g.jsonl:1", "not a JSON object");
    }

    @Test
    void refusesFilesItCannotRead() throws IOException {
        assertInvalid(file("a.csv", ""), "no rows");
        assertInvalid(file("b.csv", "text,label\n"), "no rows");
        assertInvalid(file("c.xlsx", "x"), ".csv, .tsv or .jsonl");
        assertInvalid(file("d.csv", "text,label\none, two,x\n"), "d.csv", "malformed");
        Path latin = folder.resolve("e.csv");
        Files.write(latin, new byte[] {'t', 'e', 'x', 't', ',', (byte) 0xE9, '\n'});
        assertInvalid(latin, "not UTF-8");
        assertThatThrownBy(() -> RowReader.readRows(folder.resolve("none.csv"), COLUMNS))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_UNREADABLE));
    }

    private static void assertInvalid(Path file, String... parts) {
        assertThatThrownBy(() -> RowReader.readRows(file, COLUMNS))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.DATA_INVALID);
                            assertThat(e.getMessage()).contains(parts).doesNotContain("\n");
                        });
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
