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

final class TextTokenizerTest {
    @TempDir private Path folder;

    @Test
    void addsSpecialTokensAndCutsToTheGreatestLength() {
        try (TextTokenizer tokenizer = TextTokenizer.open(TokenizerFixture.folder(), 5)) {
            assertThat(tokenizer.row("A good film", 1))
                    .isEqualTo(TokenRow.of(new int[] {2, 7, 4, 6, 3}, 1));
            assertThat(tokenizer.row("very very very very bad", 0))
                    .isEqualTo(TokenRow.of(new int[] {2, 9, 9, 9, 3}, 0));
            assertThat(tokenizer.row("odd", 0)).isEqualTo(TokenRow.of(new int[] {2, 1, 3}, 0));
        }
    }

    @Test
    void runningTextHasNoSpecialTokensAndIsNotCut() {
        try (TextTokenizer tokenizer = TextTokenizer.open(TokenizerFixture.folder(), 2)) {
            assertThat(tokenizer.piece("very ".repeat(700))).hasSize(700).containsOnly(9);
        }
    }

    @Test
    void findsThePaddingToken() throws IOException {
        Path json = TokenizerFixture.folder().resolve("tokenizer.json");
        Files.copy(json, folder.resolve("tokenizer.json"));

        assertThat(SpecialTokens.padding(folder)).isZero();
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"pad_token\":\"[SEP]\"}");
        assertThat(SpecialTokens.padding(folder)).isEqualTo(3);
        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"pad_token\":{\"content\":\"bad\"}}");
        assertThat(SpecialTokens.padding(folder)).isEqualTo(5);
        Files.writeString(folder.resolve("config.json"), "{\"pad_token_id\": 7}");
        assertThat(SpecialTokens.padding(folder)).isEqualTo(7);
    }

    @Test
    void saysWhatIsWrongWithATokenizer() throws IOException {
        assertThatThrownBy(() -> TextTokenizer.open(folder, 8))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_UNREADABLE))
                .hasMessageContaining("no tokenizer.json in " + folder);
        Files.writeString(folder.resolve("tokenizer.json"), "{\"version\": \"1.0\"}");
        assertThatThrownBy(() -> TextTokenizer.open(folder, 8))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID))
                .hasMessageContaining("is no tokenizer");
    }

    @Test
    void findsTheEndOfASequence() throws IOException {
        Path tokenizer = TokenizerFixture.folder().resolve("tokenizer.json");
        Files.copy(tokenizer, folder.resolve("tokenizer.json"));
        assertThat(SpecialTokens.end(folder)).hasValue(3);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"film\"}");
        assertThat(SpecialTokens.end(folder)).hasValue(6);
        Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": [8, 9]}");
        assertThat(SpecialTokens.end(folder)).hasValue(8);
    }

    @Test
    void labelsTheFirstTokenOfEachWord() {
        try (TextTokenizer tokenizer = TextTokenizer.open(TokenizerFixture.folder(), 7)) {
            // "good-film" is three tokens; the last word is cut.
            TokenRow row =
                    tokenizer.sentence(
                            List.of("very", "good-film", "a", "plot"), new int[] {5, 6, 7, 8});

            int none = TokenRow.IGNORED;
            assertThat(row.tokens()).containsExactly(2, 9, 4, 1, 6, 7, 3);
            assertThat(row.targets()).containsExactly(none, 5, 6, none, none, 7, none);
        }
    }

    @Test
    void takesAsManyTokensAsItIsTold() {
        try (TextTokenizer tokenizer = TextTokenizer.open(TokenizerFixture.folder(), 700)) {
            assertThat(tokenizer.row("good ".repeat(900), 0).length()).isEqualTo(700);
            assertThat(tokenizer.whole("good ".repeat(900))).hasSize(902);
        }
    }

    @Test
    void givesTheTokensOfSingleTexts() {
        assertThat(TextTokenizer.tokens(TokenizerFixture.folder()).ids("very good"))
                .containsExactly(2, 9, 4, 3);
        assertThatThrownBy(() -> TextTokenizer.tokens(folder).ids("good"))
                .hasMessageContaining("tokenizer.json");
    }
}
