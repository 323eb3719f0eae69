package io.fedfm.runtime.anatomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PackedColumnsTest {
    private final Sketch sketch = new Sketch();
    private final GraphBuilder builder = sketch.builder;
    private final String x = sketch.words();

    @Test
    void partAtASplit() {
        String packed = sketch.linear(x, 8, 24);
        List<String> parts =
                builder.ops(
                        "Split", 3, Attributes.of("axis", 2), packed, builder.integers(8, 8, 8));
        check(sketch.heads(parts.get(0), 2), sketch.heads(parts.get(1), 2), parts.get(2));
    }

    @Test
    void partAtSlices() {
        String packed = sketch.linear(x, 8, 24);
        check(
                sketch.heads(builder.slice(packed, -1, 0, 8), 2),
                sketch.heads(builder.slice(packed, 2, 8, 16), 2),
                builder.slice(packed, -1, -8, Long.MAX_VALUE));
    }

    @Test
    void partAtSlicesWithComputedBounds() {
        String packed = sketch.linear(x, 8, 24);
        Attributes last = Attributes.of("start", -1);
        String size = builder.op("Div", builder.op("Shape", last, packed), builder.integers(3));
        String twice = builder.op("Add", size, size);
        String axis = builder.integers(2);
        check(
                sketch.heads(builder.op("Slice", packed, builder.integers(0), size, axis), 2),
                sketch.heads(builder.op("Slice", packed, size, twice, axis), 2),
                builder.slice(packed, 2, 16, 24));
    }

    @Test
    void partAtAnAxisOfTheirOwn() {
        String packed = builder.reshape(sketch.linear(x, 8, 24), 0, 0, 3, 2, 4);
        String turned = builder.transpose(packed, 2, 0, 3, 1, 4);
        Anatomy anatomy =
                study(
                        builder.op("Gather", turned, builder.integer(0)),
                        builder.op("Gather", turned, builder.integer(1)),
                        builder.op("Gather", turned, builder.integer(2)));
        assertParts(anatomy);
    }

    @Test
    void doNotPartWhereHeadsInterleave() {
        String packed = builder.reshape(sketch.linear(x, 8, 24), 0, 0, 2, 12);
        String turned = builder.transpose(packed, 0, 2, 1, 3);
        Anatomy anatomy =
                study(
                        builder.slice(turned, 3, 0, 4),
                        builder.slice(turned, 3, 4, 8),
                        builder.slice(turned, 3, 8, 12));
        assertThat(Sketch.roles(anatomy, 0)).containsExactly("qkv", "o");
    }

    @Test
    void partOfGateAndUp() {
        String attended = sketch.add(sketch.attention(x), x);
        String packed = sketch.linear(sketch.norm(attended), 8, 32);
        String up = builder.slice(packed, -1, 0, 16);
        String gate = builder.op("Sigmoid", builder.slice(packed, -1, 16, 32));
        String down = sketch.linear(builder.op("Mul", up, gate), 16, 8);
        Anatomy anatomy = sketch.study(sketch.add(down, attended));

        assertThat(Sketch.roles(anatomy, 0))
                .containsExactly("q", "k", "v", "o", "other", "up", "gate", "down");
        assertThat(anatomy.linears().subList(5, 7))
                .extracting(Anatomy.Linear::from, Anatomy.Linear::to)
                .containsExactly(tuple(0L, 16L), tuple(16L, 32L));
    }

    @Test
    void partOfKeysAndValuesWithQueriesOfTheirOwn() {
        String q = sketch.heads(sketch.linear(x, 8, 8), 2);
        List<String> parts =
                builder.ops(
                        "Split",
                        2,
                        Attributes.of("axis", -1),
                        sketch.linear(x, 8, 16),
                        builder.integers(8, 8));
        Anatomy anatomy = study(q, sketch.heads(parts.get(0), 2), sketch.heads(parts.get(1), 2));

        assertThat(anatomy.linears())
                .extracting(l -> l.site().role(), l -> l.site().name(), Anatomy.Linear::from)
                .containsExactly(
                        tuple("q", "layers.0.attention.q", 0L),
                        tuple("other", "layers.0.attention.kv", 0L),
                        tuple("k", "layers.0.attention.kv[k]", 0L),
                        tuple("v", "layers.0.attention.kv[v]", 8L),
                        tuple("o", "layers.0.attention.o", 0L));
    }

    private void check(String q, String k, String v) {
        assertParts(study(q, k, sketch.heads(v, 2)));
    }

    private Anatomy study(String q, String k, String v) {
        return sketch.study(sketch.linear(sketch.attend(q, k, v), 8, 8));
    }

    private static void assertParts(Anatomy anatomy) {
        assertThat(Sketch.roles(anatomy, 0)).containsExactly("qkv", "q", "k", "v", "o");
        assertThat(anatomy.linears().subList(0, 4))
                .extracting(l -> l.site().name(), Anatomy.Linear::from, Anatomy.Linear::to)
                .containsExactly(
                        tuple("layers.0.attention.qkv", 0L, 24L),
                        tuple("layers.0.attention.qkv[q]", 0L, 8L),
                        tuple("layers.0.attention.qkv[k]", 8L, 16L),
                        tuple("layers.0.attention.qkv[v]", 16L, 24L));
    }
}
