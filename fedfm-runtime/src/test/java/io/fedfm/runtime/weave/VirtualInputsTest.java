package io.fedfm.runtime.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.OnnxWriter;
import io.fedfm.runtime.graph.Ort;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.TensorFill;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class VirtualInputsTest {
    private static final long[] SHAPE = {2, 3};

    @Test
    void everyInputOfTokensIsExtendedInItsOwnType() {
        Graph graph = new Graph();
        Map<String, ElementType> types =
                Map.of(
                        "input_ids", ElementType.INT32,
                        "attention_mask", ElementType.BOOL,
                        "token_type_ids", ElementType.INT64,
                        "position_ids", ElementType.INT64);
        types.forEach((name, type) -> graph.addInput(ValueInfo.of(name, type, "b", "l")));

        Map<String, long[]> values = run(graph, types, VirtualInputs.extend(graph, 7, 2));

        assertThat(values.get("input_ids")).containsExactly(7, 7, 0, 1, 2, 7, 7, 3, 4, 5);
        assertThat(values.get("attention_mask")).containsExactly(1, 1, 0, 1, 1, 1, 1, 1, 1, 1);
        assertThat(values.get("token_type_ids")).containsExactly(0, 0, 0, 1, 2, 0, 0, 3, 4, 5);
        assertThat(values.get("position_ids")).containsExactly(0, 1, 2, 3, 4, 0, 1, 5, 6, 7);
    }

    @Test
    void otherInputsStayAsTheyAreAndNoTokensAddNothing() {
        Graph graph = new Graph();
        graph.addInput(ValueInfo.of("input_ids", ElementType.INT64, "b", "l"));
        graph.addInput(ValueInfo.of("scale", ElementType.FLOAT, "b", "l"));

        assertThat(VirtualInputs.extend(graph, 0, 0)).isEmpty();
        assertThat(graph.nodes()).isEmpty();
        assertThat(VirtualInputs.extend(graph, 0, 1)).containsOnlyKeys("input_ids");
    }

    @Test
    void rowsOfAFixedLengthLeaveNoRoom() {
        Graph graph = new Graph();
        graph.addInput(ValueInfo.of("input_ids", ElementType.INT64, "b", "16"));

        assertRefused(graph, ErrorCode.TARGETS_UNMATCHED, "exactly 16 tokens");
    }

    @Test
    void imagesHaveNoTokens() {
        Graph graph = new Graph();
        graph.addInput(ValueInfo.of("pixels", ElementType.FLOAT, "b", "3", "8", "8"));

        assertRefused(graph, ErrorCode.TARGETS_UNMATCHED, "takes none");
    }

    private static void assertRefused(Graph graph, ErrorCode code, String words) {
        assertThatThrownBy(() -> VirtualInputs.extend(graph, 0, 1))
                .isInstanceOfSatisfying(
                        FedFmException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(words);
    }

    /** The extended inputs where the inputs are 0, 1, 2, ... */
    private static Map<String, long[]> run(
            Graph graph, Map<String, ElementType> types, Map<String, String> extended) {
        GraphBuilder builder = new GraphBuilder(graph, "result");
        Map<String, String> results = new HashMap<>();
        Map<String, Tensor> feeds = new HashMap<>();
        types.forEach(
                (name, type) -> {
                    String result = builder.cast(extended.get(name), ElementType.INT64);
                    graph.addOutput(result);
                    results.put(name, result);
                    boolean truth = type == ElementType.BOOL;
                    feeds.put(name, TensorFill.fill(type, SHAPE, i -> truth ? Math.min(i, 1) : i));
                });
        Map<String, Tensor> outputs = Ort.run(OnnxWriter.write(graph), feeds);
        Map<String, long[]> values = new HashMap<>();
        results.forEach((name, result) -> values.put(name, outputs.get(result).toLongs()));
        return values;
    }
}
