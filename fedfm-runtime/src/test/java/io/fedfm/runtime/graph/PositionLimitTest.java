package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PositionLimitTest {
    @Test
    void isTheRowsOfTheTableThatPositionsAreLookedUpIn() {
        assertThat(limit(b -> range(b))).isEqualTo(66);
        assertThat(limit(b -> b.op("Unsqueeze", range(b), b.integers(0)))).isEqualTo(66);
        assertThat(limit(b -> "position_ids")).isEqualTo(66);
    }

    @Test
    void leavesOutRowsBelowAnOffset() {
        assertThat(limit(b -> b.op("Add", range(b), b.integer(2)))).isEqualTo(64);
        Function<GraphBuilder, String> sum =
                b -> b.op("Mul", b.op("CumSum", "attention_mask", b.integer(1)), "attention_mask");
        assertThat(limit(b -> b.op("Add", b.integer(1), sum.apply(b)))).isEqualTo(64);
        assertThat(limit(b -> b.op("Add", b.op("Sub", sum.apply(b), b.integer(1)), b.integer(2))))
                .isEqualTo(64);
    }

    @Test
    void endsWhereAStoredCountEnds() {
        long[] count = LongStream.range(0, 40).toArray();
        assertThat(limit(b -> b.slice(b.initializer("ids", Tensor.longs(count, 1, 40)), 1, 0, 5)))
                .isEqualTo(40);
    }

    @Test
    void endsWhereATableThatIsCutToTheLengthEnds() {
        assertThat(limit(b -> cut(b, 0, "length"))).isEqualTo(50);
        assertThat(limit(b -> cut(b, 1, "length"))).isEqualTo(Integer.MAX_VALUE);
        assertThat(limit(b -> cut(b, 0, b.integers(9)))).isEqualTo(Integer.MAX_VALUE);
    }

    private static String cut(GraphBuilder b, long from, String length) {
        String table = b.initializer("rows", Tensor.floats(new float[100], 1, 50, 2));
        return b.op("Slice", table, b.integers(from), length, b.integers(1));
    }

    @Test
    void ignoresOtherTables() {
        int none = Integer.MAX_VALUE;
        assertThat(limit(b -> "input_ids")).isEqualTo(none);
        assertThat(limit(b -> b.initializer("types", Tensor.longs(new long[8], 1, 8))))
                .isEqualTo(none);
        assertThat(limit(b -> b.op("Mul", range(b), b.integer(3)))).isEqualTo(none);
        assertThat(limit(b -> b.op("Sub", range(b), range(b)))).isEqualTo(none);
        assertThat(limit(b -> b.op("Shape", "input_ids"))).isEqualTo(none);
    }

    private static String range(GraphBuilder b) {
        return b.op("Range", b.integer(0), "length", b.integer(1));
    }

    private static int limit(Function<GraphBuilder, String> positions) {
        Graph graph = new Graph();
        for (String name : new String[] {"input_ids", "attention_mask", "position_ids"}) {
            graph.addInput(ValueInfo.of(name, ElementType.INT64, "b", "s"));
        }
        graph.addInput(ValueInfo.of("length", ElementType.INT64));
        graph.addInitializer("table", Models.random(66, 4));
        GraphBuilder builder = new GraphBuilder(graph, "test");
        builder.op("Gather", "table", positions.apply(builder));
        return ExampleInputs.maxLength(graph);
    }
}
