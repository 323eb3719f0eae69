package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.peft.Backbone.WeightInfo;
import io.fedfm.runtime.anatomy.Anatomist;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.ShapeProbe;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.program.ParameterCount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Full fine-tuning trains every parameter of an export, and nothing that is none. */
final class AllWeightsTest {
    private static final Path EXPORTS = Path.of("src/test/resources/exports");

    /** Elements that are counted and cannot be trained. */
    private static final Map<String, Long> LEFT =
            Map.of(
                    // Position embeddings behind a Resize.
                    "families/dinov2-torchscript-sdpa-opset17.onnx", 256L,
                    // Slopes and sines that the exporter has written as tables.
                    "families/bloom-torchscript-eager-opset17-lm.onnx", 4L,
                    "families/gptj-torchscript-eager-opset17.onnx", 128L);

    static Stream<String> files() throws IOException {
        return Stream.concat(
                ExportedSitesTest.exports(), FamilySitesTest.files().map(f -> "families/" + f));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyParameterIsFound(String file) {
        Graph graph = OnnxReader.read(EXPORTS.resolve(file));
        long found =
                weights(graph).stream()
                        .mapToLong(w -> w.shape().stream().reduce(1L, (a, b) -> a * b))
                        .sum();

        assertThat(ParameterCount.frozen(graph) - found).isEqualTo(LEFT.getOrDefault(file, 0L));
    }

    @ParameterizedTest
    @CsvSource({
        "deberta-v2-torchscript-eager-opset17, encoder.rel_embeddings.weight",
        "bert-torchscript-eager-opset9, embeddings.position_embeddings.weight"
    })
    void whatMeetsTheHiddenStatesFromAsideIsFoundToo(String file, String name) {
        assertThat(weights(OnnxReader.read(EXPORTS.resolve("families/" + file + ".onnx"))))
                .extracting(WeightInfo::name)
                .contains(name);
    }

    private static List<WeightInfo> weights(Graph graph) {
        Shapes shapes = ShapeProbe.observe(graph, (batch, length) -> Map.of());
        return Anatomist.study(graph, shapes).backbone().weights();
    }
}
