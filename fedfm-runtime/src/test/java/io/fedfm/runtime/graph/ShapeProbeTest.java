package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShapeProbeTest {
    private static final ShapeProbe.Feeds NONE = (batch, length) -> Map.of();

    @TempDir private Path cache;

    @Test
    void seesWhichAxesVary() {
        Graph graph = embedding("batch", "length", 50);
        GraphBuilder builder = new GraphBuilder(graph, "t");
        String mean = builder.reduceMean("h", true, 1);
        String flags = builder.op("Equal", "input_ids", builder.integer(0));
        String size = builder.op("Shape", "h");

        Shapes shapes = ShapeProbe.observe(graph, NONE);

        assertThat(shapes.dimensions("input_ids")).containsExactly(-1, -1);
        assertThat(shapes.type("input_ids")).isEqualTo(ElementType.INT64);
        assertThat(shapes.dimensions("table")).containsExactly(50, 300);
        assertThat(shapes.dimensions("h")).containsExactly(-1, -1, 300);
        assertThat(shapes.type("h")).isEqualTo(ElementType.FLOAT);
        assertThat(shapes.dimensions(mean)).containsExactly(-1, 1, 300);
        assertThat(shapes.type(flags)).isEqualTo(ElementType.BOOL);
        assertThat(shapes.dimensions(size)).containsExactly(3);
        assertThat(shapes.type(size)).isEqualTo(ElementType.INT64);
        assertThat(shapes.observed("h"))
                .containsExactly(
                        new long[] {2, 5, 300}, new long[] {3, 7, 300}, new long[] {5, 4, 300});
        assertThat(shapes.observed("table")).hasSize(3);
    }

    @Test
    void seesTheSameWithWeightsInAFile() {
        try (WeightFile weights = WeightFile.of(embedding("b", "s", 50), cache)) {
            Shapes shapes = ShapeProbe.observe(weights.backbone(), weights, NONE);
            assertThat(shapes.dimensions("h")).containsExactly(-1, -1, 300);
        }
    }

    @Test
    void keepsToDeclaredNumbersAndToThePositionsThereAre() {
        Shapes fixed = ShapeProbe.observe(embedding("1", "128", 50), NONE);
        assertThat(fixed.dimensions("h")).containsExactly(1, 128, 300);

        Graph graph = embedding("b", "s", 50);
        graph.addInput(ValueInfo.of("position_ids", ElementType.INT64, "b", "s"));
        graph.addInitializer("places", Models.random(3, 300));
        Models.node(graph, "Gather", Attributes.none(), List.of("places", "position_ids"), "p");
        assertThat(ShapeProbe.observe(graph, NONE).observed("p"))
                .containsExactly(
                        new long[] {2, 3, 300}, new long[] {3, 2, 300}, new long[] {5, 3, 300});
    }

    @Test
    void feedsWhatTheCallerGives() {
        Graph graph = embedding("b", "s", 50);
        graph.addInput(ValueInfo.of("labels", ElementType.INT64, "rows"));
        Models.node(graph, "Unsqueeze", Attributes.none(), List.of("labels", "axis"), "u");
        graph.addInitializer("axis", Tensor.longs(new long[] {1}, 1));
        List<String> asked = new ArrayList<>();
        Shapes shapes =
                ShapeProbe.observe(
                        graph,
                        (batch, length) -> {
                            asked.add(batch + "x" + length);
                            return Map.of("labels", Tensor.longs(new long[2 * batch], 2L * batch));
                        });
        assertThat(asked).containsExactly("2x5", "3x7", "5x4");
        assertThat(shapes.observed("u"))
                .containsExactly(new long[] {4, 1}, new long[] {6, 1}, new long[] {10, 1});
    }

    @Test
    void saysWhereAModelDoesNotRun() {
        Graph graph = embedding("b", "s", 50);
        graph.addInitializer("to", Tensor.longs(new long[] {2, 5, 300}, 3));
        Models.node(graph, "Reshape", Attributes.none(), List.of("h", "to"), "r");
        assertRefused(graph, "batch size 3 and length 7");
        Graph unknown = embedding("b", "s", 50);
        Models.node(unknown, "NoSuchOperator", Attributes.none(), List.of("h"), "r");
        assertRefused(unknown, "NoSuchOperator");
    }

    private static void assertRefused(Graph graph, String what) {
        assertThatThrownBy(() -> ShapeProbe.observe(graph, NONE))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED))
                .hasMessageContaining(what)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    private static Graph embedding(String batch, String length, int rows) {
        Graph graph = new Graph();
        graph.addInput(ValueInfo.of("input_ids", ElementType.INT64, batch, length));
        graph.addInitializer("table", Models.random(rows, 300));
        Models.node(graph, "Gather", Attributes.none(), List.of("table", "input_ids"), "h");
        graph.addOutput("h");
        return graph;
    }
}
