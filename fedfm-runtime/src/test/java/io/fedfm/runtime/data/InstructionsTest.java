package io.fedfm.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a file of prompts and completions to rows. */
final class InstructionsTest {
    private static final int NONE = TokenRow.IGNORED;
    private static final int END = 8;

    @TempDir private Path folder;

    @Test
    void promptsAreMaskedAndRowsEnd() throws IOException {
        TokenRow row = encode("very bad", "good film", 20);

        // The tokenizer's own [CLS] 2 and [SEP] 3 stand around the prompt.
        assertThat(row.tokens()).containsExactly(2, 9, 5, 3, 4, 6, END);
        assertThat(row.targets()).containsExactly(NONE, NONE, NONE, NONE, 4, 6, END);
    }

    @Test
    void theEndThatATokenizerAddsToAPromptIsDropped() throws IOException {
        try (TextTokenizer tokenizer = tokenizer()) {
            TokenRow row =
                    new InstructionEncoder(tokenizer, 3, 20)
                            .row(folder, new Instruction("bad", "good", 1));

            assertThat(row.tokens()).containsExactly(2, 5, 4, 3);
            assertThat(row.targets()).containsExactly(NONE, NONE, 4, 3);
        }
    }

    @Test
    void longRowsLoseTheEndOfTheirCompletion() {
        assertThat(encode("very bad", "good film", 6).targets())
                .containsExactly(NONE, NONE, NONE, NONE, 4, 6);
        assertThat(encode("very bad", "good film", 5).tokens()).containsExactly(2, 9, 5, 3, 4);
        assertThatThrownBy(() -> encode("very bad", "good film", 4))
                .hasMessageContainingAll(":9:", "4 tokens", "max_length 4");
    }

    @Test
    void readsPromptsAndCompletions() throws IOException {
        assertThat(read("prompt", "completion", "{\"prompt\": \"a\", \"completion\": \" b\"}"))
                .containsExactly(new Instruction("a", " b", 1));
        assertThat(
                        read(
                                "Q: {question}\nA:",
                                "answer",
                                "\n{\"answer\": 4, \"question\": \"$2 + {x}\"}"))
                .containsExactly(new Instruction("Q: $2 + {x}\nA:", "4", 2));
    }

    @Test
    void readsAlpacaWithAndWithoutInput() throws IOException {
        List<Instruction> rows =
                read(
                        "alpaca",
                        "output",
                        """
                        {"instruction": "Add", "input": "1 2", "output": "3"}
                        {"instruction": "Greet", "input": "", "output": "Hi"}
                        {"instruction": "Greet", "output": "Hi"}
                        """);

        assertThat(rows.get(0).prompt())
                .startsWith("Below is an instruction that describes a task, paired with")
                .endsWith("### Instruction:\nAdd\n\n### Input:\n1 2\n\n### Response:\n");
        assertThat(rows.get(1).prompt())
                .startsWith("Below is an instruction that describes a task. Write")
                .endsWith("### Instruction:\nGreet\n\n### Response:\n")
                .isEqualTo(rows.get(2).prompt());
    }

    @Test
    void refusesRowsThatLackAColumnAndTemplatesWithoutOne() {
        assertThatThrownBy(
                        () -> read("prompt", "completion", "{\"prompt\": \"a\", \"text\": \"b\"}"))
                .hasMessageContainingAll("a.jsonl:1", "'completion'", "prompt, text");
        assertThatThrownBy(
                        () ->
                                read(
                                        "prompt",
                                        "completion",
                                        "{\"prompt\":\"\",\"completion\":\"b\"}"))
                .hasMessageContaining("'prompt'");
        assertThatThrownBy(() -> PromptTemplate.of("alpacca"))
                .hasMessageContainingAll("alpaca", "braces", "'alpacca'");
        assertThatThrownBy(
                        () ->
                                new InstructionReader(PromptTemplate.of("prompt"), "completion")
                                        .read(folder.resolve("a.csv")))
                .hasMessageContaining(".jsonl");
    }

    private List<Instruction> read(String template, String completion, String text)
            throws IOException {
        return new InstructionReader(PromptTemplate.of(template), completion)
                .read(Files.writeString(folder.resolve("a.jsonl"), text));
    }

    private static TextTokenizer tokenizer() {
        return TextTokenizer.open(TokenizerFixture.folder(), 4);
    }

    private TokenRow encode(String prompt, String completion, int maxLength) {
        try (TextTokenizer tokenizer = tokenizer()) {
            return new InstructionEncoder(tokenizer, END, maxLength)
                    .row(folder, new Instruction(prompt, completion, 9));
        }
    }
}
