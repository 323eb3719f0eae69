package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PlainTokenTest {
    private final Graph graph = new Graph();
    private final GraphBuilder builder = new GraphBuilder(graph, "n");

    PlainTokenTest() {
        graph.addInput(ValueInfo.of("input_ids", ElementType.INT64, "b", "l"));
    }

    @Test
    void isTheFirstWhereIdsAreOnlyLookedUp() {
        builder.op(
                "Gather", builder.initializer("w", Tensor.floats(new float[4], 4, 1)), "input_ids");
        builder.op("Equal", builder.integer(5), builder.integer(0));

        assertThat(PlainToken.of(graph)).isZero();
    }

    @Test
    void isNoneThatIdsAreComparedWith() {
        builder.op("Equal", "input_ids", builder.integer(1));
        String flat = builder.reshape("input_ids", -1);
        builder.op("Equal", builder.integer(0), builder.cast(flat, ElementType.INT64));
        builder.op("Equal", builder.cast(flat, ElementType.FLOAT), builder.scalar(2));

        assertThat(PlainToken.of(graph)).isEqualTo(3);
    }
}
