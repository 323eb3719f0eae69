package io.fedfm.runtime.anatomy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.peft.Site;
import io.fedfm.runtime.graph.GraphBuilder;
import org.junit.jupiter.api.Test;

final class BlockTest {
    private static final String[] ROLES = {"q", "k", "v", "o", "up", "down"};

    private final Sketch sketch = new Sketch();
    private final GraphBuilder builder = sketch.builder;
    private final String x = sketch.words();

    @Test
    void ofPreNormHasTheNormsBeforeItsSublayers() {
        String norm = sketch.norm(x);
        String attended = sketch.attention(norm);
        String sum = sketch.add(x, attended);
        String second = sketch.norm(sum);
        String fed = sketch.feedForward(second);
        String end = sketch.add(fed, sum);
        Anatomy anatomy = sketch.study(sketch.norm(end));

        assertThat(Sketch.roles(anatomy, 0)).containsExactly(ROLES);
        assertThat(anatomy.hiddens()).hasSize(6);
        assertThat(Sketch.hidden(anatomy, "layers.0.attention_norm")).isEqualTo(norm);
        assertThat(Sketch.hidden(anatomy, "layers.0.attention_output")).isEqualTo(attended);
        assertThat(Sketch.hidden(anatomy, "layers.0.attention_sum")).isEqualTo(sum);
        assertThat(Sketch.hidden(anatomy, "layers.0.ffn_norm")).isEqualTo(second);
        assertThat(Sketch.hidden(anatomy, "layers.0.ffn_output")).isEqualTo(fed);
        assertThat(Sketch.hidden(anatomy, "layers.0.ffn_sum")).isEqualTo(end);
    }

    @Test
    void ofPostNormHasTheNormsAfterItsSums() {
        String start = sketch.norm(x);
        String sum = sketch.add(sketch.attention(start), start);
        String norm = sketch.norm(sum);
        String end = sketch.add(sketch.feedForward(norm), norm);
        String second = sketch.norm(end);
        Anatomy anatomy = sketch.study(sketch.postNormBlock(second));

        assertThat(Sketch.roles(anatomy, 0)).containsExactly(ROLES);
        assertThat(Sketch.roles(anatomy, 1)).containsExactly(ROLES);
        assertThat(anatomy.hiddens()).hasSize(12);
        assertThat(Sketch.hidden(anatomy, "layers.0.attention_sum")).isEqualTo(sum);
        assertThat(Sketch.hidden(anatomy, "layers.0.attention_norm")).isEqualTo(norm);
        assertThat(Sketch.hidden(anatomy, "layers.0.ffn_sum")).isEqualTo(end);
        assertThat(Sketch.hidden(anatomy, "layers.0.ffn_norm")).isEqualTo(second);
    }

    @Test
    void tellsTheGateByItsActivation() {
        String sum = sketch.add(sketch.attention(x), x);
        String first = sketch.linear(sum, 8, 16);
        String second = sketch.linear(sum, 8, 16);
        String silu = builder.op("Mul", second, builder.op("Sigmoid", second));
        String down = sketch.linear(builder.op("Mul", first, silu), 16, 8);
        Anatomy anatomy = sketch.study(sketch.add(sum, down));

        assertThat(Sketch.roles(anatomy, 0))
                .containsExactly("q", "k", "v", "o", "up", "gate", "down");
    }

    @Test
    void doesNotTakeAnActivationThatMultipliesByItselfForAGate() {
        String sum = sketch.add(sketch.attention(x), x);
        String up = sketch.linear(sum, 8, 16);
        String silu = builder.op("Mul", up, builder.op("Sigmoid", up));
        Anatomy anatomy = sketch.study(sketch.add(sum, sketch.linear(silu, 16, 8)));

        assertThat(Sketch.roles(anatomy, 0)).containsExactly(ROLES);
    }

    @Test
    void leavesMixturesOfNetworksOpen() {
        String sum = sketch.add(sketch.attention(x), x);
        String mixture = sketch.add(sketch.feedForward(sum), sketch.feedForward(sum));
        Anatomy anatomy = sketch.study(sketch.add(sum, mixture));

        assertThat(Sketch.roles(anatomy, 0)).containsExactly("q", "k", "v", "o");
        assertThat(Sketch.roles(anatomy, -1)).hasSize(4).containsOnly("other");
        assertThat(Sketch.hidden(anatomy, "layers.0.ffn_output")).isEqualTo(mixture);
    }

    @Test
    void withSublayersSideBySideHasOneSum() {
        String norm = sketch.norm(x);
        String attended = sketch.attention(norm);
        String fed = sketch.feedForward(norm);
        String end = sketch.add(sketch.add(attended, fed), x);
        Anatomy anatomy = sketch.study(end);

        assertThat(Sketch.roles(anatomy, 0)).containsExactly(ROLES);
        assertThat(anatomy.hiddens())
                .extracting(Anatomy.Hidden::site)
                .extracting(Site::role)
                .containsExactlyInAnyOrder(
                        "attention_norm", "attention_output", "ffn_output", "ffn_sum");
        assertThat(Sketch.hidden(anatomy, "layers.0.ffn_sum")).isEqualTo(end);
    }

    @Test
    void withoutNetworkDoesNotTakeTheNextBlocks() {
        String sum = sketch.add(sketch.attention(x), x);
        Anatomy anatomy = sketch.study(sketch.preNormBlock(sum));

        assertThat(Sketch.roles(anatomy, 0)).containsExactly("q", "k", "v", "o");
        assertThat(Sketch.roles(anatomy, 1)).containsExactly(ROLES);
        assertThat(Sketch.hidden(anatomy, "layers.0.ffn_sum")).isEmpty();
    }
}
