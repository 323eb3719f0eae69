package io.fedfm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.config.ResolvedConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunCommandTest {
    private final FakeRunService service = new FakeRunService();

    @TempDir Path folder;
    private CommandHarness fedfm;

    @BeforeEach
    void settings() throws IOException {
        fedfm = new CommandHarness(folder);
        fedfm.runs = service;
        Files.createFile(folder.resolve("train.csv"));
        Files.createFile(folder.resolve("model.onnx"));
        Files.writeString(
                folder.resolve("run.yaml"),
                "model: {path: model.onnx}\n"
                        + "peft: {type: lora}\n"
                        + "data: {path: train.csv}\n"
                        + "federation: {num_rounds: 2}\n");
    }

    @Test
    void jsonIsExactlyOneObjectAsDocumented() throws IOException {
        assertThat(fedfm.run("run", "run.yaml", "--format", "json")).isZero();

        JsonNode summary = new ObjectMapper().readTree(fedfm.out());
        assertThat(fedfm.out().lines()).hasSize(1);
        assertThat(summary.fieldNames())
                .toIterable()
                .containsExactly(
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
                        "first_round_loss",
                        "history");
        assertThat(summary.at("/parameters/trainable_pct").asDouble()).isEqualTo(2.007);
        assertThat(summary.at("/metrics/accuracy").asDouble()).isEqualTo(0.7);
        assertThat(summary.at("/communication/up_bytes").asLong()).isEqualTo(200);
        assertThat(summary.at("/steps").asLong()).isEqualTo(20);
        assertThat(summary.at("/evaluated_rows").asLong()).isEqualTo(40);
        assertThat(summary.at("/first_round_loss").asDouble()).isEqualTo(2.0);
        assertThat(summary.at("/seconds/total").asDouble()).isEqualTo(4);
        assertThat(summary.at("/seconds/train").asDouble()).isEqualTo(2);
        assertThat(summary.at("/history/1/round").asInt()).isEqualTo(2);
        assertThat(summary.at("/history/1/clients/1/samples").asInt()).isEqualTo(80);
    }

    @Test
    void jsonlIsALineForEachRoundAndTheSummaryLast() throws IOException {
        assertThat(fedfm.run("run", "run.yaml", "--format", "jsonl")).isZero();

        List<String> lines = fedfm.out().lines().toList();
        ObjectMapper mapper = new ObjectMapper();
        assertThat(lines).hasSize(3);
        assertThat(mapper.readTree(lines.get(0)).at("/round").asInt()).isEqualTo(1);
        assertThat(mapper.readTree(lines.get(1)).at("/loss").asDouble()).isEqualTo(1.0);
        assertThat(mapper.readTree(lines.get(2)).at("/run").asText()).isEqualTo("r1");
        assertThat(mapper.readTree(lines.get(2)).has("history")).isFalse();
    }

    @Test
    void textShowsRoundsAndTotalsAndProgressGoesToStandardError() {
        assertThat(fedfm.run("run", "run.yaml")).isZero();

        assertThat(fedfm.out())
                .contains("3,501,706 in all, 70,282 trainable (2.007 %)")
                .contains("accuracy       0.7000")
                .doesNotContain("round 1/2");
        assertThat(fedfm.err())
                .contains("round 1/2: train 2.0000, loss 1.0000, accuracy 0.6000, 1.5 s");
    }

    @Test
    void aTerminalGetsABarAndStandardOutputStaysData() throws IOException {
        fedfm.interactive = true;

        assertThat(fedfm.run("run", "run.yaml", "--format", "json")).isZero();

        assertThat(fedfm.err()).contains("round 2/2").contains("100%");
        assertThat(new ObjectMapper().readTree(fedfm.out()).at("/rounds").asInt()).isEqualTo(2);
    }

    @Test
    void passesOverridesWorkersAndFoldersOn() {
        int exit =
                fedfm.run(
                        "run",
                        "run.yaml",
                        "-c",
                        "seed=7",
                        "-c",
                        "federation.num_rounds=1",
                        "--workers",
                        "3",
                        "--plugins",
                        "extra",
                        "--runs",
                        "elsewhere");

        assertThat(exit).isZero();
        assertThat(service.request.config().seed()).isEqualTo(7);
        assertThat(service.request.config().simulation().workers()).isEqualTo(3);
        assertThat(service.request.pluginFolders()).containsExactly(Path.of("extra"));
        assertThat(service.request.runs()).isEqualTo(Path.of("elsewhere"));
        assertThat(service.request.resumed()).isEmpty();
    }

    @Test
    void resumesTheLatestRunWithTheSettingsItRecorded() throws IOException {
        fedfm.run("run", "run.yaml", "-c", "seed=11");
        Path runs = folder.resolve("runs");
        for (String id : List.of("a1", "a2")) {
            Files.createDirectories(runs.resolve(id));
            Files.writeString(
                    runs.resolve(id).resolve(RunFolders.CONFIG),
                    ResolvedConfig.yaml(service.request.config()));
        }

        assertThat(fedfm.run("run", "--resume", "latest", "--runs", runs.toString())).isZero();

        assertThat(service.request.resumed()).contains(runs.resolve("a2"));
        assertThat(service.request.config().seed()).isEqualTo(11);
        assertThat(fedfm.run("run", "run.yaml", "--resume", "a1", "--runs", runs.toString()))
                .isEqualTo(2);
        assertThat(fedfm.err()).contains("differs from the settings");
        assertThat(
                        fedfm.run(
                                "run",
                                "run.yaml",
                                "-c",
                                "seed=11",
                                "--resume",
                                "a1",
                                "--runs",
                                runs.toString()))
                .isZero();
    }

    @Test
    void resumingWhatIsNotThereIsAUsageError() {
        assertThat(fedfm.run("run", "--resume", "latest", "--runs", folder + "/none")).isEqualTo(2);
        assertThat(fedfm.err()).startsWith("error[CHECKPOINT_INVALID]: there is no run");
    }

    @Test
    void badSettingsAreOneLineAndExitCode2() {
        assertThat(fedfm.run("run", "run.yaml", "-c", "sed=1")).isEqualTo(2);

        assertThat(fedfm.err().lines()).hasSize(1);
        assertThat(fedfm.err())
                .startsWith("error[SETTINGS_INVALID]: unknown setting 'sed'; did you mean 'seed'?");
        assertThat(fedfm.out()).isEmpty();
        assertThat(service.request).isNull();
    }

    @Test
    void exitCodesFollowTheKindOfError() {
        fedfm.runs =
                (request, listener) -> {
                    throw new FedFmException(ErrorCode.RUN_FAILED, "the disk is full");
                };
        assertThat(fedfm.run("run", "run.yaml")).isEqualTo(1);
        assertThat(fedfm.err()).isEqualTo("error[RUN_FAILED]: the disk is full\n");
    }

    @Test
    void aDefectIsOneLineThatNamesALogAndExitCode5() throws IOException {
        fedfm.runs =
                (request, listener) -> {
                    throw new IllegalStateException("oh no");
                };

        assertThat(fedfm.run("run", "run.yaml")).isEqualTo(5);

        assertThat(fedfm.err().lines()).hasSize(1);
        assertThat(fedfm.err()).startsWith("error[INTERNAL]: java.lang.IllegalStateException: oh");
        Path log = Path.of(fedfm.err().replaceAll("(?s).*is in (\\S+)\\).*", "$1"));
        assertThat(Files.readString(log)).contains("RunCommandTest");
        Files.delete(log);

        assertThat(fedfm.run("run", "run.yaml", "--debug")).isEqualTo(5);
        assertThat(fedfm.err()).contains("\tat ");
    }
}
