package io.fedfm.runtime.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.federation.RoundListener;
import io.fedfm.runtime.federation.RoundResult;
import io.fedfm.runtime.federation.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResumeTest {
    private static final int ROUNDS = 6;
    private static final String CONFIG = "seed: 42\n";

    private final BufferAllocator allocator = new RootAllocator();
    @TempDir private Path runs;

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aResumedRunEndsWithTheSameAdapter(boolean localHead) {
        String whole = run(RunDirectory.create(runs.resolve("whole"), CONFIG), ROUNDS, localHead);
        run(RunDirectory.create(runs.resolve("parts"), CONFIG), 2, localHead);

        String resumed = resume(runs.resolve("parts"), localHead);

        assertThat(resumed).isEqualTo(whole);
        assertThat(rounds("parts")).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void aRunKilledBeforeItsFirstCheckpointStartsAfresh() throws IOException {
        String whole = run(RunDirectory.create(runs.resolve("whole"), CONFIG), ROUNDS, false);
        RunDirectory killed = RunDirectory.create(runs.resolve("killed"), CONFIG);
        Files.writeString(killed.folder().resolve("metrics.jsonl"), "{\"round\":1,");

        assertThat(resume(killed.folder(), false)).isEqualTo(whole);
        assertThat(rounds("killed")).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void leftoversOfAKilledProcessAreNoMatter() throws IOException {
        String whole = run(RunDirectory.create(runs.resolve("whole"), CONFIG), ROUNDS, false);
        RunDirectory killed = RunDirectory.create(runs.resolve("killed"), CONFIG);
        run(killed, 3, false);
        Path unfinished =
                Files.createDirectories(
                        killed.folder().resolve("checkpoints/.unfinished-round_0004"));
        Files.writeString(unfinished.resolve("adapter.safetensors"), "half");
        Files.writeString(killed.folder().resolve(".unfinished-metrics.jsonl"), "half");
        Path metrics = killed.folder().resolve("metrics.jsonl");
        String third = Files.readAllLines(metrics).get(2);
        Files.writeString(
                metrics,
                third.replace("\"round\":3", "\"round\":4") + "\n{\"round\":5,\"lo",
                StandardOpenOption.APPEND);

        assertThat(resume(killed.folder(), false)).isEqualTo(whole);
        assertThat(rounds("killed")).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(unfinished).doesNotExist();
        assertThat(killed.folder().resolve(".unfinished-metrics.jsonl")).doesNotExist();
    }

    @Test
    void aProcessKilledBetweenMetricsAndCheckpointDoesTheRoundAgain() {
        String whole = run(RunDirectory.create(runs.resolve("whole"), CONFIG), ROUNDS, false);
        RunDirectory killed = RunDirectory.create(runs.resolve("killed"), CONFIG);
        try (Simulation simulation = new Simulation(allocator, 2, false)) {
            RunRecorder recorder = recorder(killed, simulation);
            RoundListener dies =
                    (result, shared) -> {
                        if (result.round() == 3) {
                            killed.metrics().append(result);
                            throw new IllegalStateException("killed");
                        }
                        recorder.roundFinished(result, shared);
                    };
            assertThatThrownBy(() -> simulation.run(1, ROUNDS, 3, dies)).hasMessage("killed");
        }

        assertThat(resume(killed.folder(), false)).isEqualTo(whole);
        assertThat(rounds("killed")).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void damageIsNoticed() throws IOException {
        RunDirectory directory = RunDirectory.create(runs.resolve("run"), CONFIG);
        run(directory, 2, false);
        Path adapter = directory.folder().resolve("checkpoints/round_0002/adapter.safetensors");
        byte[] bytes = Files.readAllBytes(adapter);
        bytes[bytes.length - 1] ^= 1;
        Files.write(adapter, bytes);

        assertInvalid(directory, "round_0002", "changed after it was written");
        Files.delete(adapter);
        assertInvalid(directory, "round_0002", "cannot be read");
        Files.delete(adapter.resolveSibling("fedfm.json"));
        assertInvalid(directory, "round_0002", "cannot be read");
    }

    @Test
    void anotherConfigurationOrLayoutIsRefused() throws IOException {
        RunDirectory directory = RunDirectory.create(runs.resolve("run"), CONFIG);
        run(directory, 1, false);
        assertThatThrownBy(() -> resume(directory.folder(), true))
                .hasMessageContaining("other parameters");
        Files.writeString(directory.folder().resolve("config.resolved.yaml"), "seed: 43\n");

        assertInvalid(RunDirectory.open(directory.folder()), "another configuration");
    }

    @Test
    void missingMetricsAreNoticed() throws IOException {
        RunDirectory directory = RunDirectory.create(runs.resolve("run"), CONFIG);
        run(directory, 2, false);
        Files.delete(directory.folder().resolve("metrics.jsonl"));

        assertInvalid(directory, "lacks the line of round 1");
    }

    @Test
    void aRunIsNeverOverwritten() throws IOException {
        Path run = runs.resolve("run");
        Files.createDirectories(runs.resolve(".unfinished-run/x"));
        RunDirectory.create(run, CONFIG).write("environment.json", List.of(1));

        assertThat(Files.readString(run.resolve("environment.json"))).startsWith("[ 1 ]");
        assertThatThrownBy(() -> RunDirectory.create(run, CONFIG))
                .hasMessageContaining("there is a run");
        assertThatThrownBy(() -> RunDirectory.open(runs.resolve("none")))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_INVALID));
    }

    @Test
    void totalsAddUpOverAResume() {
        RunDirectory directory = RunDirectory.create(runs.resolve("run"), CONFIG);
        run(directory, 2, false);
        try (Simulation simulation = new Simulation(allocator, 2, false)) {
            RunRecorder recorder = recorder(directory, simulation);
            simulation.run(recorder.resume(simulation.shared()) + 1, 4, 3, recorder);

            RunTotals totals = RunTotals.of(recorder.rounds());
            assertThat(totals.rounds()).isEqualTo(4);
            assertThat(totals.steps())
                    .isEqualTo(recorder.rounds().stream().mapToLong(RoundResult::steps).sum());
            assertThat(totals.communication().upBytes())
                    .isEqualTo(4 * recorder.rounds().get(0).communication().upBytes());
            assertThat(totals.metrics()).isEqualTo(recorder.rounds().get(3).metrics());
        }
    }

    private String run(RunDirectory directory, int rounds, boolean localHead) {
        try (Simulation simulation = new Simulation(allocator, 2, localHead)) {
            simulation.run(1, rounds, 3, recorder(directory, simulation));
            return SafetensorsWriter.sha256(simulation.shared());
        }
    }

    private String resume(Path folder, boolean localHead) {
        RunDirectory directory = RunDirectory.open(folder);
        try (Simulation simulation = new Simulation(allocator, 3, localHead)) {
            RunRecorder recorder = recorder(directory, simulation);
            int done = recorder.resume(simulation.shared());
            simulation.run(done + 1, ROUNDS, 3, recorder);
            return SafetensorsWriter.sha256(simulation.shared());
        }
    }

    private RunRecorder recorder(RunDirectory directory, Simulation simulation) {
        return new RunRecorder(directory, Simulation.SEED, simulation.locals(), allocator);
    }

    private List<Integer> rounds(String run) {
        return RunDirectory.open(runs.resolve(run)).metrics().keep(ROUNDS).stream()
                .map(RoundResult::round)
                .toList();
    }

    private void assertInvalid(RunDirectory directory, String... parts) {
        try (Simulation simulation = new Simulation(allocator, 2, false)) {
            ParameterVector shared = simulation.shared();
            assertThatThrownBy(() -> recorder(directory, simulation).resume(shared))
                    .isInstanceOfSatisfying(
                            FedFmException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_INVALID))
                    .hasMessageContainingAll(parts);
        }
    }
}
