package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.record.SafetensorsReader;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings that change what a run does. */
final class RunVariantsTest {
    @TempDir private Path folder;
    private Fedfm fedfm;

    @BeforeEach
    void writeSettings() throws IOException {
        fedfm = Fedfm.in(folder);
    }

    @Test
    void localHeadsStayWithTheirClients() throws Exception {
        JsonNode shared = fedfm.small("federation.num_rounds=1");
        JsonNode local = fedfm.small("federation.num_rounds=1", "federation.head=local");

        long head = 12 * 128 + 12;
        assertThat(up(shared) - up(local)).isBetween(4 * 4 * head - 1000, 4 * 4 * head + 1000);
        assertThat(local.get("parameters")).isEqualTo(shared.get("parameters"));
        assertThat(fedfm.runFolder(local).resolve("checkpoints/round_0001"))
                .isDirectoryContaining("glob:**/local_0003.safetensors");
    }

    @Test
    void aPartOfTheClientsTrainsInARound() throws Exception {
        JsonNode summary = fedfm.small("federation.clients_per_round=2");

        assertThat(summary.get("history")).allSatisfy(r -> assertThat(r.get("clients")).hasSize(2));
    }

    @Test
    void activationsThatAreComputedAgainChangeNothing() throws Exception {
        JsonNode keeping = fedfm.small("federation.num_rounds=1");
        JsonNode recomputing =
                fedfm.small("federation.num_rounds=1", "client.gradient_checkpointing=true");

        assertThat(recomputing.at("/metrics/loss").asDouble())
                .isCloseTo(keeping.at("/metrics/loss").asDouble(), within(1e-5));
        assertThat(recomputing.get("steps")).isEqualTo(keeping.get("steps"));
    }

    @Test
    void adaptersLearn() throws Exception {
        JsonNode summary =
                fedfm.json(
                        "run",
                        "small.yaml",
                        "-c",
                        "peft={type: adapter, bottleneck: 8}",
                        "-c",
                        "client.local_epochs=3");

        assertThat(summary.get("method").asText()).isEqualTo("adapter");
        assertThat(loss(summary, 2)).isLessThan(loss(summary, 0) - 0.2);
    }

    @Test
    void sharedProjectionsAreNeverSent() throws Exception {
        JsonNode summary =
                fedfm.small("peft={type: vera, r: 200, d_initial: 1.0}", "federation.num_rounds=2");

        long projections = 2 * 200 * 128 * Float.BYTES;
        assertThat(up(summary)).isLessThan(2 * 4 * projections / 4);
        assertThat(loss(summary, 1)).isLessThan(loss(summary, 0) - 0.01);
    }

    @Test
    void bLearnsFasterWithLoraPlus() throws Exception {
        String lora = "peft={type: lora, r: 4, use_dora: true, loraplus_lr_ratio: %s}";
        JsonNode plain = fedfm.small(lora.formatted("1"), "federation.num_rounds=2");
        JsonNode plus = fedfm.small(lora.formatted("16"), "federation.num_rounds=2");

        assertThat(loss(plus, 1)).isLessThan(loss(plain, 1) - 0.02);
    }

    @Test
    void theHeadLearnsAtItsOwnRate() throws Exception {
        String rates = "client.optimizer={type: adamw, lr: 2.0e-3, head_lr: %s}";
        JsonNode still = fedfm.small(rates.formatted("1.0e-12"), "federation.num_rounds=2");
        JsonNode fast = fedfm.small(rates.formatted("2.0e-2"), "federation.num_rounds=2");
        JsonNode same = fedfm.small(rates.formatted("2.0e-3"), "federation.num_rounds=2");
        JsonNode usual = fedfm.small("client.optimizer.lr=2.0e-3", "federation.num_rounds=2");

        assertThat(loss(fast, 1)).isLessThan(loss(same, 1) - 0.02);
        assertThat(loss(same, 1)).isLessThan(loss(still, 1) - 0.02);
        assertThat(loss(usual, 1)).isEqualTo(loss(same, 1));
    }

    @Test
    void mixturesOfAdaptersLearnAGateForEachTask() throws Exception {
        for (String file : List.of("train.csv", "test.csv")) {
            List<String> lines = Files.readAllLines(folder.resolve(file));
            List<String> told = new ArrayList<>(List.of(lines.get(0) + ",topic"));
            lines.stream()
                    .skip(1)
                    .forEach(
                            line ->
                                    told.add(
                                            line + (line.endsWith("s") ? ",plural" : ",singular")));
            Files.write(folder.resolve(file), told);
        }

        JsonNode summary =
                fedfm.small(
                        "peft={type: mixture, num_experts: 2, bottleneck: 4, tasks: [plural, singular, dual]}",
                        "data.task=topic",
                        "client.local_epochs=3");

        assertThat(loss(summary, 2)).isLessThan(loss(summary, 0) - 0.2);
        Path adapter =
                fedfm.runFolder(summary).resolve("checkpoints/round_0003/adapter.safetensors");
        try (BufferAllocator allocator = new RootAllocator();
                ParameterVector trained = SafetensorsReader.read(adapter, allocator)) {
            float[] plural = gates(trained, "plural");
            assertThat(plural).doesNotContain(0f);
            assertThat(gates(trained, "singular")).doesNotContain(0f).isNotEqualTo(plural);
            // Nobody has rows of this task: its gates stay where they were.
            assertThat(gates(trained, "dual")).hasSameSizeAs(plural).containsOnly(0f);
        }
    }

    private static float[] gates(ParameterVector trained, String task) {
        FloatBuffer gates = FloatBuffer.allocate(16);
        trained.layout().entries().stream()
                .filter(entry -> entry.name().endsWith(".gate." + task))
                .forEach(entry -> gates.put(trained.floats(entry.name())));
        return Arrays.copyOf(gates.array(), gates.position());
    }

    @Test
    void ownHeadOfTheGraphIsTrained() throws Exception {
        Files.writeString(
                folder.resolve("own-head.yaml"),
                """
                model: {path: %s, num_labels: 3, pooling: head}
                peft: {type: lora, r: 2, target_modules: all-linear}
                data: {source: random-tokens, client_rows: [12, 9], max_length: 8, evaluate: train}
                federation: {num_rounds: 1}
                """
                        .formatted(
                                Path.of("src/test/resources/exports/bert-torchscript-seqcls.onnx")
                                        .toAbsolutePath()));

        JsonNode summary = fedfm.json("run", "own-head.yaml");

        assertThat(summary.get("evaluated_rows").asInt()).isEqualTo(21);
        assertThat(summary.get("steps").asInt()).isEqualTo(2);
    }

    @Test
    void roundsAreJsonLinesAsTheyEnd() throws Exception {
        Shell.Result result = fedfm.run("run", "small.yaml", "--format", "jsonl");

        assertThat(result.out()).hasLineCount(4);
        assertThat(result.out().lines().skip(3))
                .singleElement()
                .asString()
                .contains("\"adapter_sha256\"")
                .doesNotContain("\"history\"");
        assertThat(result.err()).hasLineCount(4).contains("round 3/3: train ");
    }

    private static double loss(JsonNode summary, int round) {
        return summary.get("history").get(round).get("loss").asDouble();
    }

    private static long up(JsonNode summary) {
        return summary.get("communication").get("up_bytes").asLong();
    }
}
