package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.runtime.anatomy.Anatomist;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.ShapeProbe;
import io.fedfm.runtime.graph.Shapes;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where positions enter the graphs of exports: virtual tokens move all of them. */
final class ExportedPositionsTest {
    private static final Path EXPORTS = Path.of("src/test/resources/exports");

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
