package io.fedfm.runtime.anatomy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.Backbone.WeightInfo;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SiteNamesTest {
    private final Sketch sketch = new Sketch();
    private final GraphBuilder builder = sketch.builder;
    private final String x = sketch.words();

    @Test
    void areSyntheticWhereTheGraphTellsNone() {
        Backbone backbone = sketch.study(sketch.preNormBlock(x)).backbone();

        assertThat(backbone.sites(SiteKind.LINEAR))
                .extracting(Site::name)
                .containsExactly(
                        "layers.0.attention.q",
                        "layers.0.attention.k",
                        "layers.0.attention.v",
                        "layers.0.attention.o",
                        "layers.0.ffn.up",
                        "layers.0.ffn.down");
        assertThat(backbone.sites()).extracting(Site::name).doesNotHaveDuplicates();
        assertThat(backbone.sites(SiteKind.EMBEDDING))
                .extracting(Site::name)
                .containsExactly("words");
    }

    @Test
    void comeFromTheNodeThenTheBiasThenTheWeight() {
        String scoped = builder.op("MatMul", x, sketch.weight(8, 8));
        sketch.scope("encoder.dense");
        String first = sketch.add(scoped, sketch.named("wrapper.encoder.dense.bias", 8));
        String product = builder.op("MatMul", first, sketch.weight(8, 8));
        String second = sketch.add(product, sketch.named("pooler.dense.bias", 8));
        String third = builder.op("MatMul", second, sketch.named("head.weight", 8, 3));

        assertThat(sketch.study(third).linears())
                .extracting(linear -> linear.site().modulePath())
                .containsExactly("encoder.dense", "pooler.dense", "head");
    }

    @Test
    void ignoreAnInitializerThatIsShared() {
        String zeros = sketch.named("first.bias", 8);
        String first = sketch.add(builder.op("MatMul", x, sketch.weight(8, 8)), zeros);
        String second = sketch.add(builder.op("MatMul", first, sketch.weight(8, 8)), zeros);

        assertThat(sketch.study(second).linears())
                .extracting(linear -> linear.site().name())
                .containsExactly("other.0", "other.1");
    }

    @Test
    void areToldApartByRoleWhereAModuleHoldsSeveralLayers() {
        String q = scoped();
        String k = scoped();
        String v = scoped();
        String context = sketch.attend(sketch.heads(q, 2), sketch.heads(k, 2), sketch.heads(v, 2));
        builder.op("MatMul", context, sketch.named("attn.out_proj.weight", 8, 8));
        sketch.scope("attn");
        String out = sketch.graph.nodes().get(sketch.graph.nodes().size() - 1).output();

        assertThat(sketch.study(out).linears())
                .extracting(linear -> linear.site().name())
                .containsExactly("attn.q", "attn.k", "attn.v", "attn.out_proj");
    }

    private String scoped() {
        String product = builder.op("MatMul", x, sketch.weight(8, 8));
        sketch.scope("attn");
        return product;
    }

    @Test
    void ofWordsAreNotThoseOfTypesOrPositions() {
        sketch.graph.addInput(ValueInfo.of("position_ids", ElementType.INT64, "batch", "length"));
        String positions =
                builder.op("Gather", sketch.named("positions.weight", 40, 8), "position_ids");
        Anatomy anatomy = sketch.study(sketch.preNormBlock(sketch.add(positions, x)));

        assertThat(anatomy.embeddings()).hasSize(1);
        assertThat(anatomy.embeddings().get(0).ids()).isEqualTo("input_ids");
        assertThat(anatomy.embeddings().get(0).value()).isEqualTo(x);
        assertThat(anatomy.embeddings().get(0).site().inputs()).isEqualTo(Sketch.WORDS);
        assertThat(anatomy.backbone().weights())
                .filteredOn(weight -> weight.role().equals("embedding"))
                .extracting(WeightInfo::name)
                .containsExactly("words.weight", "positions.weight");
    }

    @Test
    void ofWeightsComeWithRolesAndWithoutScalars() {
        String scaled = builder.op("Mul", sketch.norm(x), builder.scalar(3));
        String shifted = sketch.add(scaled, sketch.named("offset", 1, 1, 8));
        Backbone backbone = sketch.study(sketch.linear(shifted, 8, 3)).backbone();

        assertThat(backbone.weights())
                .extracting(WeightInfo::role)
                .containsExactly(
                        "embedding", "norm_weight", "norm_bias", "other", "weight", "bias");
        assertThat(backbone.weights().get(3))
                .isEqualTo(new WeightInfo("offset", List.of(1L, 1L, 8L), "other"));
    }

    @Test
    void ofWeightsAreThoseOfPyTorchWhereTheGraphTellsThem() {
        String product = builder.op("MatMul", x, sketch.weight(8, 3));
        sketch.scope("encoder.query");
        String sum = sketch.add(product, sketch.named("encoder.query.bias", 3));
        sketch.scope("encoder.query");
        Backbone backbone = sketch.study(sketch.linear(sum, 3, 3)).backbone();

        assertThat(backbone.weights())
                .extracting(WeightInfo::path)
                .containsExactly(
                        "words.weight", "encoder.query.weight", "encoder.query.bias", "", "");
        assertThat(backbone.weights())
                .extracting(WeightInfo::transposed)
                .containsExactly(false, true, false, true, false);
        assertThat(backbone.weights().get(1).modulePath()).isEqualTo("encoder.query");
    }

    @Test
    void ofAHeadThatIsTheWordEmbeddingsAreNotListed() {
        float[] rows = sketch.graph.initializers().get("words.weight").toFloats();
        float[] columns = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            columns[i % Sketch.WIDTH * Sketch.WORDS + i / Sketch.WIDTH] = rows[i];
        }
        String folded =
                builder.initializer("w", Tensor.floats(columns, Sketch.WIDTH, Sketch.WORDS));
        Backbone backbone = sketch.study(builder.op("MatMul", x, folded)).backbone();

        assertThat(backbone.weights()).extracting(WeightInfo::name).containsExactly("words.weight");
    }
}
