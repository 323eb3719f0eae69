package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.record.SafetensorsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same settings give the same parameters, however they are run. */
final class DeterminismTest {
    private static final int ROUNDS = 8;

    @TempDir private Path folder;
    private Fedfm fedfm;

    @BeforeEach
    void writeSettings() throws IOException {
        fedfm = Fedfm.in(folder);
    }

    @Test
    void workersAndDeathChangeNothing() throws Exception {
        String rounds = "federation.num_rounds=" + ROUNDS;
        JsonNode one = fedfm.small(rounds, "simulation.workers=1");
        JsonNode two = fedfm.small(rounds, "simulation.workers=2");
        Path killed = kill("run", "small.yaml", "-c", rounds, "--runs", "killed");
        JsonNode resumed = fedfm.json("run", "--resume", killed, "--runs", "killed");

        assertThat(List.of(two, resumed))
                .extracting(DeterminismTest::sha256)
                .containsOnly(sha256(one));
        assertThat(losses(resumed)).hasSize(ROUNDS).isEqualTo(losses(one));
        assertThat(Files.readAllLines(killed.resolve("metrics.jsonl"))).hasSize(ROUNDS);
    }

    /** What stays with a client, what is drawn for a round and what dropout draws is restored. */
    @Test
    void headsOfClientsSelectionAndDropoutSurviveDeath() throws Exception {
        JsonNode whole =
                fedfm.small(
                        "peft.lora_dropout=0.2",
                        "federation.head=local",
                        "federation.clients_per_round=2");
        Path run = fedfm.runFolder(whole);
        remove(run.resolve("checkpoints/round_0003"));
        remove(run.resolve("checkpoints/round_0002"));

        JsonNode resumed = fedfm.json("run", "--resume", "latest");

        assertThat(sha256(resumed)).isEqualTo(sha256(whole));
        assertThat(losses(resumed)).isEqualTo(losses(whole));
        assertThat(resumed.get("metrics")).isEqualTo(whole.get("metrics"));
    }

    /** Native code is busy at that time: an orderly end of the JVM would crash in it. */
    @Test
    void anInterruptedRunEndsAtOnce() throws Exception {
        Process process = fedfm.start("run", "small.yaml", "-c", "federation.num_rounds=500");
        firstRound(process, folder.resolve("runs"));
        process.destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(folder).isDirectoryNotContaining("glob:**/hs_err*");
    }

    /** A run that went on with another jar of the same name would be nobody's run. */
    @Test
    void otherPluginsDoNotResumeARun() throws Exception {
        Path run = fedfm.runFolder(fedfm.small("federation.num_rounds=1"));
        Path environment = run.resolve("environment.json");
        String sha256 = fedfm.read(environment).at("/plugins/0/sha256").asText();
        Files.writeString(
                environment, Files.readString(environment).replace(sha256, "0".repeat(64)));

        Shell.Result result = fedfm.run("run", "--resume", "latest");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("error[CHECKPOINT_INVALID]: ")
                .contains("lora.jar")
                .hasLineCount(1);
    }

    @Test
    void seedAndSettingsChangeParameters() throws Exception {
        assertThat(
                        List.of(
                                sha256(fedfm.small("federation.num_rounds=1")),
                                sha256(fedfm.small("federation.num_rounds=1", "seed=43"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void splitReachesWhatFusedReaches() throws Exception {
        JsonNode fused = fedfm.small();
        JsonNode split = fedfm.small("model.execution=split");

        assertThat(relativeDifference(adapter(split), adapter(fused))).isLessThan(1e-3);
        assertThat(split.get("metrics").get("loss").asDouble())
                .isCloseTo(fused.get("metrics").get("loss").asDouble(), within(1e-3));
    }

    /** Starts a run and kills it when its first round is saved; returns its folder. */
    private Path kill(Object... arguments) throws Exception {
        Process process = fedfm.start(arguments);
        Path run = firstRound(process, folder.resolve("killed"));
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("err")))
                .isEqualTo(128 + 9);
        assertThat(run.resolve("checkpoints/round_000" + ROUNDS)).doesNotExist();
        return run;
    }

    /** Waits until the first round of a run is saved; returns the run's folder. */
    private static Path firstRound(Process process, Path runs) throws Exception {
        Path run = null;
        while (run == null && process.isAlive()) {
            Thread.sleep(10);
            run = withCheckpoint(runs);
        }
        return run;
    }

    private static Path withCheckpoint(Path runs) throws IOException {
        if (!Files.isDirectory(runs)) {
            return null;
        }
        try (Stream<Path> folders = Files.list(runs)) {
            return folders.filter(run -> Files.isDirectory(run.resolve("checkpoints/round_0001")))
                    .findFirst()
                    .orElse(null);
        }
    }

    private Path adapter(JsonNode summary) {
        return fedfm.runFolder(summary).resolve("checkpoints/round_0003/adapter.safetensors");
    }

    private static double relativeDifference(Path left, Path right) {
        try (BufferAllocator allocator = new RootAllocator();
                ParameterVector a = SafetensorsReader.read(left, allocator);
                ParameterVector b = SafetensorsReader.read(right, allocator)) {
            assertThat(a.layout()).isEqualTo(b.layout());
            double difference = 0;
            double norm = 0;
            for (int i = 0; i < b.size(); i++) {
                double y = b.floats(i, 1).get(0);
                difference += Math.pow(a.floats(i, 1).get(0) - y, 2);
                norm += y * y;
            }
            return Math.sqrt(difference / norm);
        }
    }

    private static String sha256(JsonNode summary) {
        return summary.get("adapter_sha256").asText();
    }

    private static List<Double> losses(JsonNode summary) {
        List<Double> losses = new ArrayList<>();
        summary.get("history").forEach(round -> losses.add(round.get("loss").asDouble()));
        return losses;
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
