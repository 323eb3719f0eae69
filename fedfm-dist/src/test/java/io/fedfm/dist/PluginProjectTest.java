package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plugins of one's own: what {@code fedfm plugin new} writes, and the page that goes on from there.
 */
final class PluginProjectTest {
    private static final Path PAGE = Fedfm.ROOT.resolve("docs/writing-a-plugin.md");
    private static final Pattern BLOCK =
            Pattern.compile("^```(sh|java)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir private static Path folder;
    private static PluginAuthor author;

    @BeforeAll
    static void equip() throws IOException {
        author = new PluginAuthor(folder);
    }

    /** All that the page says to type and to write, in its order. */
    @Test
    void pageLeadsToATrainedAdapterOfAnOwnMethod() throws Exception {
        StringBuilder out = new StringBuilder();
        String where = "";
        Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
        while (blocks.find()) {
            if (blocks.group(1).equals("java")) {
                write(folder.resolve(where), blocks.group(2));
            } else {
                out.append(author.types(where, blocks.group(2)));
                where = blocks.group(2).startsWith("cd ssf\n") ? "ssf" : where;
            }
        }

        assertThat(kit("ssf", "com.example.ssf.Ssf")).contains("tests=\"17\"", "failures=\"0\"");
        assertThat(out).containsPattern("peft +ssf +0.1.0");
        List<Path> runs = children(folder.resolve("ssf/runs"));
        assertThat(runs).hasSize(2);
        assertThat(losses(runs.get(0))).hasSize(8).satisfies(PluginProjectTest::falls);
        assertThat(losses(runs.get(1))).hasSize(2).satisfies(PluginProjectTest::falls);
        assertThat(folder.resolve("ssf/trained/model.onnx")).isNotEmptyFile();
        assertThat(folder.resolve("ssf/merged/model.onnx")).isNotEmptyFile();
    }

    /** One of each kind passes its contract untouched, and all three drop into one run. */
    @Test
    void projectsOfAllKindsBuildAndRun() throws Exception {
        Files.createDirectory(folder.resolve("kinds"));
        Files.writeString(
                folder.resolve("kinds/pom.xml"),
                """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>kinds</groupId><artifactId>kinds</artifactId><version>1</version>
                  <packaging>pom</packaging>
                  <modules>
                    <module>my-peft</module>
                    <module>my-aggregator</module>
                    <module>my-compressor</module>
                  </modules>
                </project>
                """);
        author.types(
                "kinds",
                """
                for kind in peft aggregator compressor; do
                    fedfm plugin new my-$kind --kind $kind --package org.me
                done
                mvn package
                """);
        String summary =
                author.types(
                        "kinds",
                        """
                        fedfm run my-peft/sample/run.yaml --format json \
                            --plugins my-peft/target/plugins \
                            --plugins my-aggregator/target/plugins \
                            --plugins my-compressor/target/plugins \
                            -c 'federation.aggregator={type: my-aggregator, step: 0.9}' \
                            -c 'federation.compressor={type: my-compressor}'
                        """);

        assertThat(kit("kinds/my-peft", "org.me.MyPeft")).contains("tests=\"17\"");
        assertThat(kit("kinds/my-aggregator", "org.me.MyAggregator")).contains("tests=\"8\"");
        assertThat(kit("kinds/my-compressor", "org.me.MyCompressor")).contains("tests=\"8\"");
        JsonNode run = new ObjectMapper().readTree(summary);
        assertThat(run.get("method").asText()).isEqualTo("my-peft");
        long trainable = run.get("parameters").get("trainable").asLong();
        // Eight rounds of four parties, two bytes a parameter and a header.
        assertThat(run.get("communication").get("up_bytes").asLong())
                .isBetween(8 * 4 * 2 * trainable, 8 * 4 * (2 * trainable + 1000));
        assertThat(losses(folder.resolve("kinds/runs").resolve(run.get("run").asText())))
                .satisfies(PluginProjectTest::falls);
    }

    /** A block of Java names its file in its first line. */
    private static void write(Path project, String source) throws IOException {
        String[] lines = source.split("\n", 2);
        Path file = project.resolve(lines[0].substring("// ".length()));
        assertThat(file).as("the file that the page replaces").isRegularFile();
        Files.writeString(file, lines[1]);
    }

    private static String kit(String project, String prefix) throws IOException {
        return Files.readString(
                folder.resolve(project)
                        .resolve("target/surefire-reports/TEST-" + prefix + "ContractTest.xml"));
    }

    private static List<Double> losses(Path run) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            losses.add(json.readTree(line).get("loss").asDouble());
        }
        return losses;
    }

    private static void falls(List<? extends Double> losses) {
        assertThat(losses.get(losses.size() - 1)).isLessThan(0.95 * losses.get(0));
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
