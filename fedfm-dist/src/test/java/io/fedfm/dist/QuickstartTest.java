package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first two rounds of the README's quickstart, in a folder outside the checkout. */
final class QuickstartTest {
    @TempDir private Path folder;

    @Test
    void twoRoundsLearnAndAreRecorded() throws Exception {
        Fedfm fedfm = new Fedfm(folder);

        JsonNode summary = fedfm.json("run", Fedfm.QUICKSTART, "-c", "federation.num_rounds=2");

        assertThat(summary.fieldNames())
                .toIterable()
                .contains(
                        "run",
                        "rounds",
                        "method",
                        "parameters",
                        "metrics",
                        "communication",
                        "seconds",
                        "adapter_sha256",
                        "steps",
                        "evaluated_rows",
                        "history");
        assertThat(summary.get("rounds").asInt()).isEqualTo(2);
        assertThat(summary.get("method").asText()).isEqualTo("lora");
        assertThat(summary.get("metrics").get("accuracy").asDouble()).isGreaterThan(0.8);
        assertThat(summary.get("evaluated_rows").asInt()).isEqualTo(300);
        assertThat(summary.get("adapter_sha256").asText()).matches("[0-9a-f]{64}");
        // Two layers, two sites each, A [8, 128] and B [128, 8]; a head [12, 128] with biases.
        JsonNode parameters = summary.get("parameters");
        long trainable = parameters.get("trainable").asLong();
        assertThat(parameters.get("trainable_pct").asDouble())
                .isBetween(0.0, 5.0)
                .isEqualTo(Math.round(1e5 * trainable / parameters.get("total").asLong()) / 1e3);
        // Ten clients, two rounds, four bytes a parameter and a header.
        assertThat(summary.get("communication").get("up_bytes").asLong())
                .isBetween(2 * 10 * 4 * trainable, 2 * 10 * (4 * trainable + 1000));
        assertThat(summary.get("history")).hasSize(2);

        Path run = fedfm.runFolder(summary);
        assertThat(run.resolve("config.resolved.yaml")).content().contains("num_rounds: 2");
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(2);
        assertThat(fedfm.read(run.resolve("partition.json"))).isNotEmpty();
        assertThat(fedfm.read(run.resolve("environment.json")).get("plugins"))
                .extracting(plugin -> plugin.get("name").asText())
                .containsExactly("lora", "fedavg", "none");
        assertThat(run.resolve("checkpoints")).isDirectoryContaining("glob:**/round_0001");
        assertThat(run.resolve("checkpoints/round_0002/adapter.safetensors")).isNotEmptyFile();
    }
}
