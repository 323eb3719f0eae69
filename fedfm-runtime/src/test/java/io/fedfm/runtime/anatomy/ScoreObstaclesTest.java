package io.fedfm.runtime.anatomy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class ScoreObstaclesTest {
    private final Sketch sketch = new Sketch();
    private final GraphBuilder b = sketch.builder;

    @Test
    void masksAreNone() {
        sketch.graph.addInput(ValueInfo.of("attention_mask", ElementType.INT64, "batch", "length"));
        String holes = b.op("Sub", b.scalar(1), b.cast("attention_mask", ElementType.FLOAT));
        String additive = b.op("Mul", b.op("Unsqueeze", holes, b.integers(1, 2)), b.scalar(-1e4));
        String open =
                b.cast(b.op("Unsqueeze", "attention_mask", b.integers(1, 2)), ElementType.BOOL);
        String least = b.op("Where", open, b.scalar(0), b.scalar(-Float.MAX_VALUE));

        assertThat(
                        obstacle(
                                scores ->
                                        b.op(
                                                "Where",
                                                open,
                                                b.op("Add", b.op("Add", scores, additive), least),
                                                b.scalar(-1e9))))
                .isEmpty();
    }

    @Test
    void positionBiasesAre() {
        String slopes = b.initializer("slopes", Tensor.floats(new float[] {0.5f, 0.25f}, 2, 1, 1));
        String length = b.op("Gather", b.op("Shape", "input_ids"), b.integer(1));
        String range = b.op("Range", b.integer(0), length, b.integer(1));
        String alibi = b.op("Mul", b.cast(range, ElementType.FLOAT), slopes);

        assertThat(obstacle(scores -> b.op("Add", scores, alibi))).contains("bias of positions");
    }

    @Test
    void learnedBiasesAre() {
        String length = b.op("Gather", b.op("Shape", "input_ids"), b.integer(1));
        String range = b.op("Range", b.integer(0), length, b.integer(1));
        String bias = b.op("Gather", sketch.weight(32, 1), range);
        String row = b.transpose(bias, 1, 0);

        assertThat(obstacle(scores -> b.op("Add", scores, row))).contains("bias of positions");
    }

    @Test
    void cappedScoresAre() {
        assertThat(obstacle(scores -> b.op("Tanh", scores))).contains("times a constant");
    }

    private String obstacle(UnaryOperator<String> masking) {
        String x = sketch.words();
        String q = sketch.heads(sketch.linear(x, 8, 8), 2);
        String k = sketch.heads(sketch.linear(x, 8, 8), 2);
        String v = sketch.heads(sketch.linear(x, 8, 8), 2);
        String scores = b.op("Mul", b.op("MatMul", q, b.transpose(k, 0, 1, 3, 2)), b.scalar(0.5));
        String weights = b.op("Softmax", Attributes.of("axis", -1), masking.apply(scores));
        String context = sketch.merge(b.op("MatMul", weights, v));
        Anatomy anatomy = sketch.study(sketch.linear(context, 8, 8));
        return anatomy.attentions().get(0).obstacle();
    }
}
