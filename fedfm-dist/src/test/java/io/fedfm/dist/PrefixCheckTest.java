package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.peft.TextTokens;
import io.fedfm.runtime.anatomy.Anatomist;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.ShapeProbe;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.oracle.BackboneCheck;
import io.fedfm.runtime.oracle.CheckReport;
import io.fedfm.runtime.oracle.CheckReport.MethodCheck;
import io.fedfm.runtime.plugin.PluginRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every gradient of prefix tuning on every export of the six families, and positions of more. */
final class PrefixCheckTest {
    private static final Path EXPORTS = Path.of("src/test/resources/exports");

    @TempDir private static Path cache;
    private static BackboneCheck check;

    @BeforeAll
    static void loadPlugins() {
        PluginRegistry plugins = InstalledPlugins.load();
        check =
                new BackboneCheck(
                        new GeneratedModels(cache),
                        cache,
                        folders -> plugins,
                        folder -> TextTokens.none());
    }

    static Stream<String> exports() throws IOException {
        return ExportedSitesTest.exports();
    }

    @ParameterizedTest
    @MethodSource("exports")
    void gradientsAreProved(String file) {
        CheckReport report = check.check(EXPORTS.resolve(file), List.of("prefix"), List.of());

        assertThat(report.unsupported()).isEmpty();
        assertThat(report.checks())
                .singleElement()
                .satisfies(
                        c -> {
                            assertThat(c.fusedVsSplit()).isLessThan(MethodCheck.EXACT);
                            assertThat(c.fusedVsTorch()).isBetween(1e-9, MethodCheck.EXACT);
                            assertThat(c.directional()).isBetween(1e-9, MethodCheck.APPROXIMATE);
                        });
        assertThat(report.ok()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "roberta-dynamo-sdpa, 1",
        "vit-torchscript-eager, 0",
        "families/albert-torchscript-sdpa-opset17, 1",
        "families/bert-dynamo-sdpa-opset23, 1",
        "families/opt-torchscript-eager-opset11-lm, 1",
        "families/xglm-torchscript-eager-opset17, 1",
        "families/gptj-torchscript-eager-opset17, 1",
        "families/gpt-neox-dynamo-eager-opset18, 2",
        "families/falcon-new-dynamo-sdpa-opset20, 2",
        "families/phi-dynamo-sdpa-opset23, 8",
        "families/bloom-torchscript-eager-opset17-lm, 0",
        "families/t5-dynamo-eager-opset18-fp16, 0"
    })
    void everyPlaceOfPositionsIsFound(String file, int uses) {
        Graph graph = OnnxReader.read(EXPORTS.resolve(file + ".onnx"));
        Shapes shapes = ShapeProbe.observe(graph, (batch, length) -> Map.of());
        Anatomy.Positions positions = Anatomist.study(graph, shapes).positions();

        assertThat(positions.unmoved()).isEmpty();
        assertThat(positions.uses()).hasSize(uses);
    }
}
