package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fedfm model inspect} of the quickstart's encoder. */
final class ModelInspectTest {
    @TempDir private Path folder;

    @Test
    void objectNamesInputsAndSites() throws Exception {
        JsonNode report = new Fedfm(folder).json("model", "inspect", Fedfm.MODEL);

        assertThat(report.get("inputs"))
                .extracting(input -> input.get("name").asText())
                .containsExactly("input_ids", "attention_mask", "token_type_ids");
        assertThat(report.get("sites"))
                .filteredOn(site -> site.get("kind").asText().equals("linear"))
                .extracting(site -> site.get("role").asText())
                .contains("q", "k", "v", "o", "up", "down");
        assertThat(report.get("parameters").asLong()).isBetween(800_000L, 900_000L);
    }

    @Test
    void textShowsWhatToTarget() throws Exception {
        Shell.Result result = new Fedfm(folder).run("model", "inspect", Fedfm.MODEL);

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("model.onnx", "opset ", "input_ids", "[batch, ", "last_hidden_state")
                .containsPattern("linear +q +0 +128 +128 .*attention.self.query");
    }
}
