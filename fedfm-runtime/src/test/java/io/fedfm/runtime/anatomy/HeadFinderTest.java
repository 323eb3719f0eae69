package io.fedfm.runtime.anatomy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeadFinderTest {
    private final Sketch sketch = new Sketch();
    private final GraphBuilder builder = sketch.builder;

    @Test
    void tellsHiddenStatesFromAPooler() {
        String hidden = sketch.postNormBlock(sketch.norm(sketch.words()));
        String pooled = builder.op("Tanh", sketch.linear(first(hidden), 8, 8));

        assertThat(sketch.outputs(pooled, hidden))
                .isEqualTo(new Outputs(hidden, pooled, "", false, List.of()));
    }

    @Test
    void tellsTokenLogitsAndTheHiddenStatesBeforeThem() {
        String hidden = sketch.norm(sketch.preNormBlock(sketch.words()));
        String head = builder.transpose("words.weight", 1, 0);
        String logits = builder.op("MatMul", hidden, head);

        Outputs outputs = sketch.outputs(logits);
        assertThat(outputs.tokenLogits()).isTrue();
        assertThat(outputs.logits()).isEqualTo(logits);
        assertThat(outputs.hidden()).isEqualTo(hidden);
        assertThat(outputs.head()).containsExactly("words.weight");
    }

    @Test
    void tellsClassLogitsTheHeadAndTheHiddenStatesInside() {
        String hidden = sketch.norm(sketch.preNormBlock(sketch.words()));
        String weight = sketch.named("classifier.weight", 3, 8);
        String bias = sketch.named("classifier.bias", 3);
        String logits = builder.op("Gemm", Attributes.of("transB", 1), first(hidden), weight, bias);

        Outputs outputs = sketch.outputs(logits);
        assertThat(outputs.classLogits()).isTrue();
        assertThat(outputs.hidden()).isEqualTo(hidden);
        assertThat(outputs.pooled()).isEmpty();
        assertThat(outputs.head()).containsExactly(weight, bias);
    }

    @Test
    void takesTheSumWhereTheFinalNormIsOfThePooledRow() {
        String sum = sketch.preNormBlock(sketch.words());
        String pooled = builder.reduceMean(sum, false, 1);
        String logits = sketch.linear(sketch.norm(pooled), 8, 3);

        assertThat(sketch.outputs(logits).hidden()).isEqualTo(sum);
    }

    private String first(String hidden) {
        return builder.op("Gather", Attributes.of("axis", 1), hidden, builder.integer(0));
    }
}
