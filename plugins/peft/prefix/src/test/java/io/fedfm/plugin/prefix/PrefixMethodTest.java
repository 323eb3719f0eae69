package io.fedfm.plugin.prefix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.peft.VirtualTokens;
import io.fedfm.testing.FakeBackbone;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PrefixMethodTest {
    @Test
    void trainsKeysAndValuesOfEveryAttention() {
        PeftPlan plan = plan(Map.of("num_virtual_tokens", 7));

        assertThat(plan.attachments()).hasSize(2);
        assertThat(plan.virtualTokens()).isEqualTo(VirtualTokens.inAttention(7));
        assertThat(plan.shared()).isEmpty();
        List<ParameterSpec> parameters = plan.attachments().get(0).module().parameters();
        assertThat(parameters)
                .extracting(ParameterSpec::name)
                .containsExactly("prefix_key", "prefix_value");
        assertThat(parameters)
                .allSatisfy(spec -> assertThat(spec.shape()).containsExactly(2, 7, 4));
    }

    @Test
    void hasAsManyParametersAsThePeftLibrary() {
        // PrefixEncoder: tokens x layers x 2 x width.
        assertThat(count(plan(Map.of()))).isEqualTo(20 * 2 * 2 * FakeBackbone.HIDDEN);
        // And with a projection: an embedding, Linear(8, 5), Linear(5, layers x 2 x width).
        assertThat(count(plan(Map.of("prefix_projection", true, "encoder_hidden_size", 5))))
                .isEqualTo(20 * 8 + 5 * 8 + 5 + (5 + 1) * 2 * 2 * 8);
    }

    @Test
    void theEncoderIsAsWideAsTheKeysUnlessToldOtherwise() {
        PeftPlan plan = plan(Map.of("prefix_projection", true));

        assertThat(plan.shared())
                .extracting(tensor -> tensor.spec().name())
                .containsExactly(
                        "prefix_embedding", "prefix_encoder_weight", "prefix_encoder_bias");
        assertThat(plan.shared().get(1).spec().shape()).containsExactly(8, 8);
    }

    @Test
    void startsNormallyAndFromZeroOnRequest() {
        double squares = 0;
        float[] normal = draws(Map.of());
        for (float value : normal) {
            squares += (double) value * value;
        }
        assertThat(squares / normal.length).isCloseTo(1, within(0.1));
        assertThat(draws(Map.of("init_weights", "zero"))).containsOnly(0);
    }

    @Test
    void refusesABackboneWithoutAttention() {
        assertRefused(FakeBackbone.without(SiteKind.ATTENTION), "there is no attention");
    }

    @Test
    void refusesAnAttentionWhoseHeadsAreUnknown() {
        Site site = new Site("layers.3.attention", SiteKind.ATTENTION, "attention", 3, "", 8, 8);
        assertRefused(new Backbone(List.of(site), List.of()), "layers.3.attention");
    }

    @Test
    void refusesSettingsThatDoNothing() {
        Settings settings =
                Settings.of("peft", Map.of("encoder_hidden_size", 8, "num_virtual_tokens", 0));
        new PrefixMethodFactory().create(settings);

        assertThatThrownBy(settings::check)
                .hasMessageContaining("peft.num_virtual_tokens must be at least 1")
                .hasMessageContaining("peft.encoder_hidden_size needs prefix_projection");
    }

    private static void assertRefused(Backbone backbone, String why) {
        assertThatThrownBy(() -> plan(Map.of(), backbone))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGETS_UNMATCHED))
                .hasMessageContaining(why);
    }

    private static float[] draws(Map<String, Object> settings) {
        ParameterSpec spec = plan(settings).attachments().get(0).module().parameters().get(0);
        Random random = new Random(5);
        float[] values = new float[2000];
        for (int i = 0; i < values.length; i++) {
            values[i] = spec.initializer().next(random, spec.shape());
        }
        return values;
    }

    private static long count(PeftPlan plan) {
        return Stream.concat(
                        plan.shared().stream().map(tensor -> tensor.spec()),
                        plan.attachments().stream().flatMap(a -> a.module().parameters().stream()))
                .mapToLong(spec -> Stream.of(spec.shape()).mapToLong(PrefixMethodTest::size).sum())
                .sum();
    }

    private static long size(long[] shape) {
        long size = 1;
        for (long dimension : shape) {
            size *= dimension;
        }
        return size;
    }

    private static PeftPlan plan(Map<String, Object> settings) {
        return plan(settings, FakeBackbone.create());
    }

    private static PeftPlan plan(Map<String, Object> settings, Backbone backbone) {
        Settings given = Settings.of("peft", settings);
        PeftPlan plan = new PrefixMethodFactory().create(given).plan(backbone);
        given.check();
        return plan;
    }
}
