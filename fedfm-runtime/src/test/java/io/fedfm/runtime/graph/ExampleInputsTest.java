package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ExampleInputsTest {
    @Test
    void tellsRolesByNameTypeAndRank() {
        Graph graph = new Graph();
        graph.addInput(ids("input_ids"));
        graph.addInput(ids("attention_mask"));
        graph.addInput(ids("token_type_ids"));
        graph.addInput(ids("position_ids"));
        graph.addInput(ValueInfo.of("image", ElementType.FLOAT, "b", "3", "8", "8"));
        graph.addInput(ValueInfo.of("labels", ElementType.INT64, "b"));
        graph.addInput(ValueInfo.of("mask", ElementType.FLOAT, "b", "1", "s"));
        assertThat(InputRole.of(graph).values())
                .containsExactly(
                        InputRole.TOKENS,
                        InputRole.MASK,
                        InputRole.TYPES,
                        InputRole.POSITIONS,
                        InputRole.PIXELS,
                        InputRole.OTHER,
                        InputRole.OTHER);
    }

    @Test
    void takesTheOnlyOtherIdsAsTokens() {
        Graph graph = new Graph();
        graph.addInput(ids("attention_mask"));
        graph.addInput(ids("0"));
        assertThat(InputRole.of(graph)).containsEntry("0", InputRole.TOKENS);
        graph.addInput(ids("1"));
        assertThat(InputRole.of(graph))
                .containsEntry("0", InputRole.OTHER)
                .containsEntry("1", InputRole.OTHER);
    }

    @Test
    void makesTokensOfTheVocabularyAndAMaskWithPadding() {
        Graph graph = tokens("b", "s");
        graph.addInput(ids("attention_mask"));
        graph.addInput(ids("token_type_ids"));
        graph.addInput(ids("position_ids"));
        graph.addInput(ValueInfo.of("weights", ElementType.DOUBLE, "b", "s"));
        Map<String, Tensor> made = ExampleInputs.make(graph, 40, 6, new Random(1), true);
        long[] ids = made.get("input_ids").toLongs();
        assertThat(Arrays.stream(ids).distinct().sorted().toArray())
                .containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(made.get("input_ids").shape()).containsExactly(40, 6);
        long[] mask = made.get("attention_mask").toLongs();
        assertThat(Arrays.copyOfRange(mask, 0, 234)).containsOnly(1);
        assertThat(Arrays.copyOfRange(mask, 234, 240)).containsExactly(1, 1, 1, 1, 0, 0);
        assertThat(made.get("token_type_ids").toLongs()).containsOnly(0);
        assertThat(Arrays.copyOf(made.get("position_ids").toLongs(), 7))
                .containsExactly(0, 1, 2, 3, 4, 5, 0);
        assertThat(made.get("weights").shape()).containsExactly(40, 6);
        Map<String, Tensor> whole = ExampleInputs.make(graph, 40, 6, new Random(1), false);
        assertThat(whole.get("attention_mask").toLongs()).containsOnly(1);
        assertThat(whole.get("input_ids").data()).isEqualTo(made.get("input_ids").data());
    }

    @Test
    void keepsDeclaredNumbers() {
        Graph graph = tokens("1", "128");
        graph.addInput(ValueInfo.of("attention_mask", ElementType.FLOAT, "1", "128"));
        graph.addInput(ValueInfo.of("lora_A", ElementType.FLOAT, "2", "4"));
        Map<String, Tensor> made = ExampleInputs.make(graph, 3, 6, new Random(1), false);
        assertThat(made.get("input_ids").shape()).containsExactly(1, 128);
        assertThat(made.get("attention_mask").toFloats()).hasSize(128).containsOnly(1);
        assertThat(made.get("lora_A").toFloats()).hasSize(8).doesNotContain(0);
        assertThat(ExampleInputs.batch(graph, 3)).isEqualTo(1);
        assertThat(ExampleInputs.length(graph, 6)).isEqualTo(128);
    }

    @Test
    void refusesASizeItCannotTell() {
        Graph graph = tokens("b", "s");
        graph.addInput(ValueInfo.of("past.0.key", ElementType.FLOAT, "b", "2", "p", "8", "1"));
        assertThatThrownBy(() -> ExampleInputs.make(graph, 2, 3, new Random(1), false))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED))
                .hasMessageContaining("past.0.key")
                .hasMessageContaining("use_cache=False");
    }

    @Test
    void deducesTheSizeOfImagesFromPatchesAndPositions() {
        Graph graph = new Graph();
        graph.addInput(ValueInfo.of("pixel_values", ElementType.FLOAT, "b", "c", "h", "w"));
        graph.addInitializer("kernel", Models.random(8, 3, 4, 2));
        graph.addInitializer("positions", Models.random(1, 26, 8));
        Models.node(graph, "Conv", Attributes.none(), List.of("pixel_values", "kernel"), "p");
        Models.node(graph, "Add", Attributes.none(), List.of("q", "positions"), "r");
        assertThat(
                        ExampleInputs.make(graph, 2, 1, new Random(1), false)
                                .get("pixel_values")
                                .shape())
                .containsExactly(2, 3, 20, 10);
        graph.removeInitializer("positions");
        assertThatThrownBy(() -> ExampleInputs.make(graph, 2, 1, new Random(1), false))
                .isInstanceOf(FedFmException.class)
                .hasMessageContaining("height and width");
    }

    private static ValueInfo ids(String name) {
        return ValueInfo.of(name, ElementType.INT64, "b", "s");
    }

    /** Tokens that reach a table of 7 rows through a Cast and an Unsqueeze. */
    private static Graph tokens(String batch, String length) {
        Graph graph = new Graph();
        graph.addInput(ValueInfo.of("input_ids", ElementType.INT64, batch, length));
        graph.addInitializer("table", Models.random(7, 4));
        GraphBuilder builder = new GraphBuilder(graph, "test");
        String moved = builder.op("Unsqueeze", builder.cast("input_ids", ElementType.INT32));
        builder.op("Gather", "table", moved);
        return graph;
    }
}
