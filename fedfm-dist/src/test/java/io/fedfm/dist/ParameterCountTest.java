package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.objective.OwnHead;
import io.fedfm.runtime.plugin.PluginRegistry;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.ParameterCount;
import io.fedfm.runtime.program.ProgramCompiler;
import io.fedfm.runtime.run.RunSummary;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is trained in BERT-base is as many parameters as the PEFT library counts; see counts/. */
final class ParameterCountTest {
    private static final Path COUNTS = Path.of("src/test/resources/counts");
    private static final long VOCABULARY = 30_522;
    private static final long WIDTH = 768;

    @TempDir private static Path folder;
    private static PluginRegistry plugins;
    private static FrozenBackbone backbone;

    /**
     * A row of the table.
     *
     * @param settings of the method, as JSON
     * @param trainable the head included
     * @param all trained and frozen
     * @param twice what of {@code all} is counted twice
     */
    record Row(String method, String settings, long trainable, long all, long twice) {
        static Row of(String line) {
            String[] cells = line.split("\t");
            return new Row(
                    cells[0],
                    cells[1],
                    Long.parseLong(cells[2]),
                    Long.parseLong(cells[3]),
                    Long.parseLong(cells[4]));
        }
    }

    @BeforeAll
    static void open() throws IOException {
        plugins = InstalledPlugins.load();
        Files.copy(COUNTS.resolve("bert-base.onnx"), folder.resolve("bert-base.onnx"));
        try (RandomAccessFile weights =
                new RandomAccessFile(folder.resolve("weights.bin").toFile(), "rw")) {
            weights.setLength(VOCABULARY * WIDTH * Float.BYTES);
        }
        backbone =
                FrozenBackbone.of(
                        OnnxReader.read(folder.resolve("bert-base.onnx")), folder.resolve("cache"));
    }

    @AfterAll
    static void close() {
        backbone.close();
    }

    static Stream<Row> rows() throws IOException {
        return Files.readAllLines(COUNTS.resolve("counts.tsv")).stream().skip(1).map(Row::of);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void parametersAreCountedAsThePeftLibraryDoes(Row row) throws IOException {
        ParameterCount count = count(row);

        assertThat(count.trainable()).isEqualTo(row.trainable());
        assertThat(count.total()).isEqualTo(row.all() - row.twice());
        // What the library counts twice is too little to be seen in the percentage.
        double percent = Math.round(100_000.0 * row.trainable() / row.all()) / 1000.0;
        assertThat(
                        new RunSummary.ParameterCount(count.total(), count.trainable())
                                .trainablePercent())
                .isEqualTo(percent);
    }

    private static ParameterCount count(Row row) throws IOException {
        Map<?, ?> settings = new ObjectMapper().readValue(row.settings(), Map.class);
        PeftPlan plan =
                plugins.createMethod(row.method(), Settings.of("peft", settings))
                        .plan(backbone.anatomy().backbone());
        try (BufferAllocator allocator = new RootAllocator()) {
            ProgramCompiler compiler =
                    new ProgramCompiler(
                            backbone,
                            plan,
                            new OwnHead(backbone.outputs(), 2),
                            ExecutionProviders.cpu(),
                            1,
                            allocator);
            return ParameterCount.of(compiler.inline(), backbone.graph());
        }
    }
}
