package io.fedfm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompareCommandTest {
    private final FakeRunService service = new FakeRunService();
    private final List<RunConfig> asked = new ArrayList<>();

    @TempDir Path folder;
    private CommandHarness fedfm;

    @BeforeEach
    void settings() throws IOException {
        fedfm = new CommandHarness(folder);
        fedfm.runs =
                (request, listener) -> {
                    asked.add(request.config());
                    return service.run(request, listener);
                };
        Files.createFile(folder.resolve("train.csv"));
        Files.createFile(folder.resolve("model.onnx"));
        Files.writeString(
                folder.resolve("all.yaml"),
                "# Two methods\n# side by side\n\n"
                        + "model: {path: model.onnx}\n"
                        + "peft: {type: lora, r: 4}\n"
                        + "data: {path: train.csv}\n"
                        + "federation: {num_rounds: 2}\n"
                        + "client: {optimizer: {type: adamw, lr: 0.5, weight_decay: 0.25}}\n"
                        + "compare:\n"
                        + "  plain: {}\n"
                        + "  wide: {peft: {type: adapter, size: 8}, client: {optimizer: {lr: 0.125}}}\n");
    }

    @Test
    void sectionsAreMergedButTheMethodIsReplaced() {
        assertThat(fedfm.run("compare", "all.yaml")).isZero();

        assertThat(asked)
                .extracting(config -> config.peft().type())
                .containsExactly("lora", "adapter");
        assertThat(asked.get(1).peft().methods().get(0).values()).containsOnlyKeys("size");
        assertThat(asked.get(0).client().optimizer().lr()).isEqualTo(0.5);
        assertThat(asked.get(1).client().optimizer().lr()).isEqualTo(0.125);
        assertThat(asked.get(1).client().optimizer().weightDecay()).isEqualTo(0.25);
    }

    @Test
    void theTableHasALineForEachVariant() {
        assertThat(fedfm.run("compare", "all.yaml")).isZero();

        List<String> lines = fedfm.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .containsSubsequence("method", "trainable %", "bytes/round", "accuracy", "s/round");
        assertThat(lines.get(2)).startsWith("wide").contains("2.007", "300", "0.7000", "1.5");
    }

    @Test
    void jsonHasTheSummaryOfEach() throws IOException {
        assertThat(fedfm.run("compare", "all.yaml", "--format", "json")).isZero();

        JsonNode variants = new ObjectMapper().readTree(fedfm.out()).at("/variants");
        assertThat(variants).hasSize(2);
        assertThat(variants.at("/1/name").asText()).isEqualTo("wide");
        assertThat(variants.at("/1/bytes_per_round").asLong()).isEqualTo(300);
        assertThat(variants.at("/1/metrics/accuracy").asDouble()).isEqualTo(0.7);
    }

    @Test
    void methodsThatTheFileDoesNotNameRunWithTheirDefaults() {
        assertThat(fedfm.run("compare", "all.yaml", "--methods", "wide,ia3", "-c", "seed=7"))
                .isZero();

        assertThat(asked)
                .extracting(config -> config.peft().type())
                .containsExactly("adapter", "ia3");
        assertThat(asked.get(1).peft().methods().get(0).values()).isEmpty();
        assertThat(asked).extracting(RunConfig::seed).containsExactly(7L, 7L);
    }

    @Test
    void aVariantMayHaveADashInItsName() throws IOException {
        Path file = folder.resolve("all.yaml");
        Files.writeString(file, Files.readString(file).replace("  wide:", "  very-wide:"));

        assertThat(fedfm.run("compare", "all.yaml", "--methods", "very-wide")).isZero();

        assertThat(asked).extracting(config -> config.peft().type()).containsExactly("adapter");
        assertThat(fedfm.out()).contains("very-wide");
    }

    @Test
    void thePageBeginsWithTheFilesComment() throws IOException {
        assertThat(
                        fedfm.run(
                                "compare",
                                "all.yaml",
                                "--markdown",
                                folder.resolve("out.md").toString()))
                .isZero();

        assertThat(Files.readAllLines(folder.resolve("out.md")))
                .startsWith("# Two methods", "side by side", "")
                .hasSize(7)
                .last()
                .asString()
                .startsWith("| wide |")
                .contains("`type: adapter, size: 8`", "| 0.125 |");
    }

    @Test
    void aVariantThatIsWrongIsNamedBeforeAnythingRuns() throws IOException {
        Files.writeString(
                folder.resolve("wrong.yaml"),
                Files.readString(folder.resolve("all.yaml"))
                        + "  typo: {client: {optimiser: {}}}\n");

        assertThat(fedfm.run("compare", "wrong.yaml")).isEqualTo(2);

        assertThat(asked).isEmpty();
        assertThat(fedfm.err()).contains("compare.typo", "optimiser", "optimizer");
    }

    @Test
    void aMethodThatHasNoPlaceInTheBackboneDoesNotStopTheOthers() throws IOException {
        fedfm.runs =
                (request, listener) -> {
                    if (request.config().peft().type().equals("lora")) {
                        throw new FedFmException(ErrorCode.TARGETS_UNMATCHED, "there is no q");
                    }
                    return service.run(request, listener);
                };

        assertThat(fedfm.run("compare", "all.yaml")).isZero();
        assertThat(fedfm.out()).contains("wide", "plain: not applicable, there is no q");
        assertThat(fedfm.run("compare", "all.yaml", "--format", "json")).isZero();
        JsonNode variants = new ObjectMapper().readTree(fedfm.out()).at("/variants");
        assertThat(variants.at("/1/name").asText()).isEqualTo("plain");
        assertThat(variants.at("/1/not_applicable").asText()).isEqualTo("there is no q");
    }

    @Test
    void aFileWithoutVariantsNeedsMethods() throws IOException {
        String all = Files.readString(folder.resolve("all.yaml"));
        Files.writeString(folder.resolve("none.yaml"), all.substring(0, all.indexOf("compare:")));

        assertThat(fedfm.run("compare", "none.yaml")).isEqualTo(2);
        assertThat(fedfm.err()).contains("--methods");
        assertThat(fedfm.run("compare", "none.yaml", "--methods", "lora")).isZero();
    }

    @Test
    void theFileIsStillOneForRun() {
        assertThat(fedfm.run("run", "all.yaml")).isZero();
    }
}
