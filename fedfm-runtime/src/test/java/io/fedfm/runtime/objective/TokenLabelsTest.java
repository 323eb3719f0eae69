package io.fedfm.runtime.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.OnnxWriter;
import io.fedfm.runtime.graph.Ort;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TokenLabelsTest {
    private static final long NONE = CrossEntropy.IGNORED;
    private static final Tensor LABELS = Tensor.longs(new long[] {1, 2, 3, 4, 5, NONE}, 2, 3);

    @Test
    void nothingPredictsTheFirstTokenOfALanguageModel() {
        assertThat(labels(-1, 0, LABELS)).containsExactly(2, 3, NONE, 5, NONE, NONE);
    }

    @Test
    void theLastVirtualTokenPredictsTheFirstRealOne() {
        assertThat(labels(0, 1, LABELS)).containsExactly(1, 2, 3, NONE, 4, 5, NONE, NONE);
        assertThat(labels(1, 2, LABELS))
                .containsExactly(NONE, 1, 2, 3, NONE, NONE, 4, 5, NONE, NONE);
    }

    @Test
    void theLabelOfAWordIsAtItsOwnPosition() {
        assertThat(labels(0, 0, LABELS)).containsExactly(LABELS.toLongs());
        assertThat(labels(2, 2, LABELS))
                .containsExactly(NONE, NONE, 1, 2, 3, NONE, NONE, 4, 5, NONE);
    }

    @Test
    void aRowOfOneTokenPredictsNothing() {
        assertThat(labels(-1, 0, Tensor.longs(new long[] {8}, 1, 1))).containsExactly(NONE);
    }

    private static long[] labels(int position, int virtualTokens, Tensor labels) {
        Graph graph = new Graph();
        graph.addInput(ValueInfo.of(Objective.LABELS, ElementType.INT64, "b", "l"));
        GraphBuilder builder = new GraphBuilder(graph, "n");
        String placed = builder.op("Identity", TokenLabels.from(builder, position, virtualTokens));
        graph.addOutput(placed);
        return Ort.run(OnnxWriter.write(graph), Map.of(Objective.LABELS, labels))
                .get(placed)
                .toLongs();
    }
}
