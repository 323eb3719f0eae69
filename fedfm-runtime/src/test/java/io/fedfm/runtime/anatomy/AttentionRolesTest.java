package io.fedfm.runtime.anatomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import org.junit.jupiter.api.Test;

final class AttentionRolesTest {
    private final Sketch sketch = new Sketch();
    private final GraphBuilder builder = sketch.builder;
    private final String x = sketch.words();

    @Test
    void doNotDependOnTheOrderOfTheNodes() {
        String v = sketch.linear(x, 8, 8);
        String k = sketch.linear(x, 8, 8);
        String q = sketch.linear(x, 8, 8);
        String context = sketch.attend(sketch.heads(q, 2), sketch.heads(k, 2), sketch.heads(v, 2));
        Anatomy anatomy = sketch.study(sketch.linear(context, 8, 8));

        assertThat(Sketch.roles(anatomy, 0)).containsExactly("v", "k", "q", "o");
        assertThat(anatomy.attentions()).hasSize(1);
        Anatomy.Attention attention = anatomy.attentions().get(0);
        assertThat(attention.scale()).isEqualTo(0.5);
        assertThat(attention.heads()).isEqualTo(2);
        assertThat(attention.keyValueHeads()).isEqualTo(2);
        assertThat(attention.site().inputs()).isEqualTo(4);
    }

    @Test
    void areFoundThroughScalesMasksRotationsAndGuards() {
        String q = rotated(sketch.heads(sketch.linear(x, 8, 8), 2));
        String k = rotated(sketch.heads(sketch.linear(x, 8, 8), 2));
        String v = sketch.heads(sketch.linear(x, 8, 8), 2);
        String scaledQ = builder.op("Mul", q, builder.scalar(0.7));
        String keys = builder.transpose(k, 0, 1, 3, 2);
        String scaledK = builder.op("Div", keys, builder.scalar(2));
        String scores = builder.op("MatMul", scaledQ, scaledK);
        String masked = sketch.add(scores, builder.scalar(-1));
        String weights = builder.op("Softmax", Attributes.of("axis", -1), masked);
        String guarded =
                builder.op("Where", builder.op("IsNaN", weights), builder.scalar(0), weights);
        String context = sketch.merge(builder.op("MatMul", guarded, v));
        Anatomy anatomy = sketch.study(sketch.linear(context, 8, 8));

        assertThat(Sketch.roles(anatomy, 0)).containsExactly("q", "k", "v", "o");
        Anatomy.Attention attention = anatomy.attentions().get(0);
        assertThat(attention.query()).isEqualTo(scaledQ);
        assertThat(attention.scale()).isCloseTo(0.5, within(1e-6));
        assertThat(attention.scores()).isEqualTo(masked);
    }

    private String rotated(String value) {
        String turned = builder.op("Neg", builder.slice(value, 3, 0, 2));
        String joined =
                builder.op(
                        "Concat", Attributes.of("axis", -1), builder.slice(value, 3, 2, 4), turned);
        return sketch.add(
                builder.op("Mul", value, sketch.weight(4)),
                builder.op("Mul", joined, sketch.weight(4)));
    }

    @Test
    void areFoundThroughSharedKeyValueHeads() {
        String q = sketch.heads(sketch.linear(x, 8, 8), 2);
        String k = repeated(sketch.heads(sketch.linear(x, 8, 4), 1));
        String v = repeated(sketch.heads(sketch.linear(x, 8, 4), 1));
        Anatomy anatomy = sketch.study(sketch.linear(sketch.attend(q, k, v), 8, 8));

        assertThat(Sketch.roles(anatomy, 0)).containsExactly("q", "k", "v", "o");
        assertThat(anatomy.attentions().get(0).heads()).isEqualTo(2);
        assertThat(anatomy.attentions().get(0).keyValueHeads()).isEqualTo(1);
    }

    private String repeated(String value) {
        return builder.op("Expand", value, builder.integers(1, 2, 1, 1));
    }

    @Test
    void areFoundWhereBatchAndHeadsAreOneAxis() {
        String q = folded(sketch.linear(x, 8, 8));
        String k = folded(sketch.linear(x, 8, 8));
        String v = folded(sketch.linear(x, 8, 8));
        String scores = builder.op("MatMul", q, builder.transpose(k, 0, 2, 1));
        String bounded = builder.op("Max", scores, builder.scalar(-Float.MAX_VALUE));
        String weights = builder.op("Softmax", Attributes.of("axis", -1), bounded);
        String mixed = shaped(builder.op("MatMul", weights, v), -1, 2);
        String context = builder.reshape(builder.transpose(mixed, 0, 2, 1, 3), 0, 0, 8);
        Anatomy anatomy = sketch.study(sketch.linear(context, 8, 8));

        assertThat(Sketch.roles(anatomy, 0)).containsExactly("q", "k", "v", "o");
        Anatomy.Attention attention = anatomy.attentions().get(0);
        assertThat(attention.heads()).isEqualTo(2);
        assertThat(attention.keyValueHeads()).isEqualTo(2);
        assertThat(attention.site().inputs()).isEqualTo(4);
        assertThat(attention.scale()).isEqualTo(1);
    }

    /** [batch, length, 8] as [batch x 2, length, 4]. */
    private String folded(String value) {
        String apart = builder.transpose(builder.reshape(value, 0, 0, 2, 4), 0, 2, 1, 3);
        return shaped(apart, -1);
    }

    /** To some axes, the length, and 4. */
    private String shaped(String value, long... first) {
        String length = builder.op("Shape", Attributes.of("start", 1).with("end", 2), x);
        Attributes axis = Attributes.of("axis", 0);
        String four = builder.integers(4);
        String shape = builder.op("Concat", axis, builder.integers(first), length, four);
        return builder.op("Reshape", value, shape);
    }

    @Test
    void areNotGivenForASoftmaxOverClasses() {
        String classes = builder.op("Softmax", sketch.linear(x, 8, 3));
        Anatomy anatomy = sketch.study(classes);

        assertThat(anatomy.attentions()).isEmpty();
        assertThat(Sketch.roles(anatomy, -1)).containsExactly("other");
    }

    @Test
    void stayOpenWhereTwoLayersMakeTheQueries() {
        String q = sketch.add(sketch.linear(x, 8, 8), sketch.linear(x, 8, 8));
        String k = sketch.linear(x, 8, 8);
        String context = sketch.attend(sketch.heads(q, 2), sketch.heads(k, 2), sketch.heads(k, 2));
        Anatomy anatomy = sketch.study(sketch.linear(context, 8, 8));

        assertThat(Sketch.roles(anatomy, -1)).containsExactly("other", "other");
    }
}
