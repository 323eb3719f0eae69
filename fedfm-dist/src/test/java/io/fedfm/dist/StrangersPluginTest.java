package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar that somebody built outside this project, dropped into a folder of plugins. */
final class StrangersPluginTest {
    private static final Path SOURCES = Path.of("src/test/resources/stranger").toAbsolutePath();

    @TempDir private Path folder;
    private Fedfm fedfm;

    @BeforeEach
    void buildJar() throws IOException {
        fedfm = Fedfm.in(folder);
        String classes = folder.resolve("classes").toString();
        Path jar = Files.createDirectory(folder.resolve("mine")).resolve("stranger.jar");
        tool(
                "javac",
                "--release",
                "17",
                "-proc:none",
                "-cp",
                apiJars(),
                "-d",
                classes,
                SOURCES.resolve("stranger/GainFactory.java").toString(),
                SOURCES.resolve("stranger/LoudestFactory.java").toString());
        tool(
                "jar",
                "--create",
                "--file",
                jar.toString(),
                "-C",
                classes,
                ".",
                "-C",
                SOURCES.toString(),
                "META-INF");
    }

    @Test
    void methodAndAggregatorRunByTwoLinesOfYaml() throws Exception {
        JsonNode fused = run("fused");
        JsonNode split = run("split");

        // A gain for each of 128 features in 3 blocks, and the head.
        assertThat(fused.get("method").asText()).isEqualTo("gain");
        assertThat(fused.get("parameters").get("trainable").asLong())
                .isEqualTo(3 * 128 + 12 * 128 + 12);
        assertThat(loss(fused, 2)).isLessThan(loss(fused, 0));
        assertThat(Math.abs(loss(split, 2) - loss(fused, 2))).isLessThan(1e-3);
        assertThat(fedfm.read(fedfm.runFolder(fused).resolve("environment.json")).get("plugins"))
                .filteredOn(plugin -> plugin.get("jar").asText().endsWith("mine/stranger.jar"))
                .extracting(plugin -> plugin.get("name").asText())
                .containsExactly("gain", "loudest");
    }

    @Test
    void pluginsListShowsThem() throws Exception {
        JsonNode list = fedfm.json("plugins", "list", "--plugins", "mine");

        assertThat(list.get("plugins"))
                .extracting(
                        plugin -> plugin.get("kind").asText() + " " + plugin.get("name").asText())
                .contains("peft gain", "aggregator loudest", "peft lora");
    }

    private JsonNode run(String execution) throws Exception {
        return fedfm.json(
                "run",
                "small.yaml",
                "--plugins",
                "mine",
                "-c",
                "peft={type: gain, strength: 0.5}",
                "-c",
                "federation.aggregator={type: loudest}",
                "-c",
                "model.execution=" + execution);
    }

    private static double loss(JsonNode summary, int round) {
        return summary.get("history").get(round).get("loss").asDouble();
    }

    private static void tool(String name, String... arguments) {
        int exitCode =
                ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, arguments);
        assertThat(exitCode).as(name).isZero();
    }

    /** The API and what it brings, from the installed layout. */
    private static String apiJars() throws IOException {
        try (Stream<Path> jars = Files.list(InstalledPlugins.home().resolve("lib"))) {
            return jars.filter(
                            jar ->
                                    jar.getFileName()
                                            .toString()
                                            .matches("(fedfm-api|arrow-memory-core|api)-.*jar"))
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }
}
