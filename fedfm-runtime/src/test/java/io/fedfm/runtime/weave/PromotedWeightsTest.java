package io.fedfm.runtime.weave;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PromotedWeightsTest {
    private static final Tensor TABLE = Tensor.floats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    private static final Tensor FOLDED = Tensor.floats(new float[] {1, 3, 5, 2, 4, 6}, 2, 3);

    private final Graph backbone = new Graph();

    PromotedWeightsTest() {
        backbone.addInput(ValueInfo.of("ids", ElementType.INT64, "batch", "length"));
        backbone.addInitializer("wte.weight", TABLE);
        backbone.addInitializer("val_7", FOLDED);
        GraphBuilder builder = new GraphBuilder(backbone, "n");
        builder.op("MatMul", builder.op("Gather", "wte.weight", "ids"), "val_7");
    }

    @Test
    void aHeadFollowsTheEmbeddingsItIsTiedTo() {
        Graph woven = promoting("wte.weight");

        String transposed = PromotedWeights.tie(woven, backbone).get("val_7");

        assertThat(woven.producers().get(transposed).inputs()).containsExactly("wte.weight");
        assertThat(woven.initializers()).doesNotContainKey("val_7");
    }

    @Test
    void aHeadOfItsOwnAndOneBesideFrozenEmbeddingsStay() {
        assertThat(PromotedWeights.tie(backbone.copy(), backbone)).isEmpty();
        assertThat(PromotedWeights.tie(promoting("val_7"), backbone)).isEmpty();
        backbone.addInitializer("val_7", Tensor.floats(new float[] {1, 3, 5, 2, 4, 7}, 2, 3));
        assertThat(PromotedWeights.tie(promoting("wte.weight"), backbone)).isEmpty();
    }

    @Test
    void whatTheLossDoesNotDependOnStaysFrozen() {
        Graph woven = promoting("wte.weight");
        woven.addInput(ValueInfo.of("val_7", ElementType.FLOAT, "2", "3"));
        woven.removeInitializer("val_7");
        String hidden = woven.nodes().get(0).output();
        ParameterSpec spec = new ParameterSpec("idle", new long[] {1}, Initializer.zeros());
        Trainable used = Trainable.promoted("wte.weight", TABLE, false);
        Trainable idle = Trainable.promoted("val_7", FOLDED, false);
        Trainable declared = Trainable.declared("idle", spec, null, false);

        List<Trainable> kept =
                PromotedWeights.used(
                        woven,
                        List.of(used, idle, declared),
                        Set.of("wte.weight", "val_7"),
                        hidden);

        assertThat(kept).containsExactly(used, declared);
        assertThat(woven.initializers()).containsKey("val_7");
        assertThat(woven.inputs()).containsKey("wte.weight").doesNotContainKey("val_7");
    }

    private Graph promoting(String weight) {
        Graph graph = backbone.copy();
        Tensor value = graph.initializers().get(weight);
        graph.removeInitializer(weight);
        graph.addInput(
                ValueInfo.of(
                        weight,
                        ElementType.FLOAT,
                        Long.toString(value.shape()[0]),
                        Long.toString(value.shape()[1])));
        return graph;
    }
}
