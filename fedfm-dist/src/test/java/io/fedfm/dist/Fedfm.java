package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The installed launcher in a folder of its own, with a federation that takes a second: {@code
 * small.yaml} deals 96 sentences of the quickstart to 4 clients for 3 rounds.
 *
 * @param folder where it is started
 */
record Fedfm(Path folder) {
    /** The checkout. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    static final Path QUICKSTART = ROOT.resolve("examples/quickstart.yaml");
    static final Path MODEL = ROOT.resolve("models/mini-encoder");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Writes the small federation into a folder. */
    static Fedfm in(Path folder) throws IOException {
        Path intents = ROOT.resolve("examples/data/intents");
        every(12, intents.resolve("train.csv"), folder.resolve("train.csv"));
        every(5, intents.resolve("test.csv"), folder.resolve("test.csv"));
        Files.writeString(
                folder.resolve("small.yaml"),
                """
                model: {path: %s, num_labels: 12}
                peft: {type: lora, r: 4, target_modules: [q, v]}
                data:
                  path: train.csv
                  test_path: test.csv
                  max_length: 32
                  partitioner: {type: iid, num_partitions: 4}
                federation: {num_rounds: 3}
                client: {batch_size: 8, optimizer: {lr: 5.0e-3}}
                """
                        .formatted(MODEL));
        return new Fedfm(folder);
    }

    /** How the launcher ends with these arguments. */
    Shell.Result run(Object... arguments) throws IOException, InterruptedException {
        return Shell.run(folder, environment(), command(arguments));
    }

    /** Starts the launcher, which runs on. */
    Process start(Object... arguments) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(Stream.of(command(arguments)).map(Object::toString).toList())
                        .directory(folder.toFile())
                        .redirectOutput(folder.resolve("out").toFile())
                        .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(environment());
        return builder.start();
    }

    /** The one JSON object of a run that goes well, of the small federation with these settings. */
    JsonNode small(String... settings) throws IOException, InterruptedException {
        List<Object> arguments = new ArrayList<>(List.of("run", "small.yaml"));
        Stream.of(settings).forEach(setting -> arguments.addAll(List.of("-c", setting)));
        return json(arguments.toArray());
    }

    /** The one JSON object of a command that goes well. */
    JsonNode json(Object... arguments) throws IOException, InterruptedException {
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--format", "json"));
        Shell.Result result = run(all.toArray());
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).hasLineCount(1);
        return JSON.readTree(result.out());
    }

    /** A JSON file below the folder. */
    JsonNode read(Path file) throws IOException {
        return JSON.readTree(folder.resolve(file).toFile());
    }

    /** The folder of a run. */
    Path runFolder(JsonNode summary) {
        return folder.resolve("runs").resolve(summary.get("run").asText());
    }

    private static Object[] command(Object... arguments) {
        List<Object> command = new ArrayList<>();
        command.add(InstalledPlugins.home().resolve("bin/fedfm"));
        command.addAll(List.of(arguments));
        return command.toArray();
    }

    private static Map<String, String> environment() {
        Path cache = InstalledPlugins.home().resolveSibling("cache");
        return Map.of(
                "FEDFM_CACHE",
                cache.toString(),
                "JAVA_HOME",
                System.getProperty("java.home"),
                // Runs of a second are over before the better compiler pays.
                "FEDFM_JAVA_OPTS",
                "-XX:TieredStopAtLevel=1");
    }

    private static void every(int step, Path from, Path to) throws IOException {
        List<String> lines = Files.readAllLines(from);
        List<String> kept = new ArrayList<>(List.of(lines.get(0)));
        for (int i = 1; i < lines.size(); i += step) {
            kept.add(lines.get(i));
        }
        Files.write(to, kept);
    }
}
