package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of prompt tuning, of a tag for each word, and of instructions. */
final class TasksTest {
    private static final Path GPT2 =
            Path.of("src/test/resources/exports/gpt2-torchscript-sdpa.onnx");

    @TempDir private Path folder;
    private Fedfm fedfm;

    @BeforeEach
    void writeSettings() throws IOException {
        fedfm = Fedfm.in(folder);
    }

    @Test
    void promptsStartFromATextAndLearn() throws Exception {
        JsonNode summary =
                fedfm.small(
                        "peft={type: prompt, num_virtual_tokens: 6, prompt_tuning_init: TEXT,"
                                + " prompt_tuning_init_text: what is asked}",
                        "client.local_epochs=3");

        assertThat(summary.get("parameters").get("trainable").asLong())
                .isEqualTo(6 * 128 + 12 * 128 + 12);
        assertThat(loss(summary, 2)).isLessThan(loss(summary, 0) - 0.1);
    }

    @Test
    void aPromptThatLeavesNoPositionsForTheTextIsRefused() throws Exception {
        Shell.Result result =
                fedfm.run(
                        "run", "small.yaml", "-c", "peft={type: prompt, num_virtual_tokens: 120}");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("positions for 8 beside the 120 virtual tokens")
                .contains("data.max_length");
        assertThat(folder.resolve("runs")).doesNotExist();
    }

    @Test
    void wordsAreTagged() throws Exception {
        JsonNode summary =
                fedfm.json(
                        "run",
                        Fedfm.ROOT.resolve("examples/entities.yaml"),
                        "-c",
                        "federation.num_rounds=2");

        JsonNode first = summary.get("history").get(0).get("metrics");
        JsonNode last = summary.get("metrics");
        assertThat(summary.get("evaluated_rows").asInt()).isEqualTo(100);
        assertThat(last.get("accuracy").asDouble()).isBetween(0.6, 1.0);
        assertThat(last.get("f1").asDouble())
                .isBetween(first.get("f1").asDouble() + 0.01, 1.0)
                .isLessThan(last.get("accuracy").asDouble());
        assertThat(last.get("precision").asDouble()).isBetween(0.1, 1.0);
        assertThat(last.get("recall").asDouble()).isBetween(0.1, 1.0);
    }

    @Test
    void onlyAnswersAreLearnt() throws Exception {
        Files.createDirectories(folder.resolve("model"));
        Files.copy(GPT2, folder.resolve("model/model.onnx"));
        Files.writeString(
                folder.resolve("model/tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "Whitespace"},
                 "model": {"type": "WordLevel", "unk_token": "?",
                           "vocab": {"?": 0, "say": 1, "a": 2, "b": 3, "</s>": 4}}}
                """);
        Files.writeString(
                folder.resolve("rows.jsonl"),
                "{\"prompt\": \"say a\", \"completion\": \"b b\"}\n".repeat(10));
        Files.writeString(
                folder.resolve("instructions.yaml"),
                """
                model: {path: model, task: CAUSAL_LM}
                peft: {type: prompt, num_virtual_tokens: 4}
                data:
                  path: rows.jsonl
                  template: prompt
                  evaluate: train
                  partitioner: {type: iid, num_partitions: 2}
                federation: {num_rounds: 4}
                client: {local_epochs: 4, optimizer: {lr: 0.1}}
                """);

        JsonNode summary = fedfm.json("run", "instructions.yaml");

        // Three of five tokens are learnt in each row, so all right is an accuracy of 1.
        double accuracy = summary.get("metrics").get("accuracy").asDouble();
        assertThat(accuracy * 30).isCloseTo(Math.rint(accuracy * 30), within(1e-9));
        assertThat(loss(summary, 3)).isLessThan(loss(summary, 0) - 0.2);
        assertThat(Files.readString(fedfm.runFolder(summary).resolve("config.resolved.yaml")))
                .contains("template: prompt")
                .contains("completion: completion");
    }

    private static double loss(JsonNode summary, int round) {
        return summary.get("history").get(round).get("metrics").get("loss").asDouble();
    }
}
