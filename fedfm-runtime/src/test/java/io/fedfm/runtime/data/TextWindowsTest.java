package io.fedfm.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TextWindowsTest {
    @TempDir private Path folder;

    @Test
    void cutsOneStreamAcrossParagraphsAndDropsALoneLastToken() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "ab\ncd\n\n\nef");

        // Characters as tokens: "ab\ncd\n\n" and "ef\n".
        List<Row> windows = TextWindows.read(file, 3, text -> text.chars().toArray());

        assertThat(windows)
                .extracting(row -> new String(((TokenRow) row).tokens(), 0, row.length()))
                .containsExactly("ab\n", "cd\n", "\nef");
    }

    @Test
    void keepsAShortLastWindow() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "abcde");

        assertThat(TextWindows.read(file, 4, text -> text.chars().toArray()))
                .extracting(Row::length)
                .containsExactly(4, 2);
    }

    @Test
    void refusesAFileWithoutText() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "\n \n");

        assertThatThrownBy(() -> TextWindows.read(file, 4, text -> text.chars().toArray()))
                .hasMessageContaining("has no text");
    }
}
