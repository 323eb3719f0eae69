package io.fedfm.plugin.lntuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.Settings;
import io.fedfm.api.peft.Backbone;
import io.fedfm.testing.FakeBackbone;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LnTuningMethodTest {
    @Test
    void weightAndBiasOfEveryNormArePromoted() {
        assertThat(promoted(FakeBackbone.create(), Map.of()))
                .hasSize(2 * 2 * 2)
                .allMatch(name -> name.contains("_norm."))
                .contains("blocks.1.ffn_norm.weight", "blocks.0.attention_norm.bias");
    }

    @Test
    void normsAreChosenByName() {
        assertThat(promoted(FakeBackbone.create(), Map.of("target_modules", "ffn_norm")))
                .containsExactly(
                        "blocks.0.ffn_norm.weight",
                        "blocks.0.ffn_norm.bias",
                        "blocks.1.ffn_norm.weight",
                        "blocks.1.ffn_norm.bias");
    }

    @Test
    void aBackboneWithoutNormsIsRefused() {
        Backbone bare = new Backbone(FakeBackbone.create().sites(), List.of());
        assertThatThrownBy(() -> promoted(bare, Map.of())).hasMessageContaining("has no norm");
    }

    private static List<String> promoted(Backbone backbone, Map<String, Object> settings) {
        return new LnTuningMethodFactory()
                .create(Settings.of("peft", settings))
                .plan(backbone)
                .promotions();
    }
}
