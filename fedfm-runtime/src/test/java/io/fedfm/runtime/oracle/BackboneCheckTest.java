package io.fedfm.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.TextTokens;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.OnnxWriter;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import io.fedfm.runtime.plugin.PluginRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackboneCheckTest {
    @TempDir private Path folder;
    private final PluginRegistry none = PluginRegistry.load(List.of());

    @Test
    void aModelWithoutATransformerIsNotOk() throws IOException {
        Graph graph = new Graph();
        GraphBuilder g = new GraphBuilder(graph, "f");
        graph.addInput(ValueInfo.of("x", ElementType.FLOAT, "batch", "4"));
        String weight = g.initializer("w", Tensor.floats(new float[] {1, 2, 3, 4}, 4, 1));
        graph.addOutput(g.op("Relu", g.op("MatMul", "x", weight)));
        Path file = Files.write(folder.resolve("model.onnx"), OnnxWriter.write(graph));

        CheckReport report = check(file);

        assertThat(report.ok()).isFalse();
        assertThat(report.checks()).isEmpty();
        assertThat(report.parameters()).isEqualTo(4);
    }

    @Test
    void aMethodThatIsNotInstalledIsRefusedBeforeTheModelIsRead() {
        assertThatThrownBy(() -> check(folder.resolve("missing.onnx"), "lora"))
                .isInstanceOf(FedFmException.class)
                .hasMessageContaining("there is no")
                .hasMessageContaining("'lora'");
    }

    private CheckReport check(Path model, String... methods) {
        return new BackboneCheck(
                        new GeneratedModels(folder),
                        folder,
                        folders -> none,
                        file -> TextTokens.none())
                .check(model, List.of(methods), List.of());
    }
}
