package io.fedfm.plugin.bitfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.testing.FakeBackbone;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BitFitMethodTest {
    @Test
    void everyBiasIsPromotedThoseOfNormsToo() {
        assertThat(promoted(Map.of()))
                .hasSize(2 * (7 + 2))
                .allMatch(name -> name.endsWith(".bias"))
                .contains("blocks.1.ffn_norm.bias", "blocks.0.attention.query.bias");
    }

    @Test
    void thePapersVariantIsChosenByRole() {
        assertThat(promoted(Map.of("target_modules", List.of("q", "up"))))
                .containsExactlyInAnyOrder(
                        "blocks.0.attention.query.bias",
                        "blocks.0.ffn.up.bias",
                        "blocks.1.attention.query.bias",
                        "blocks.1.ffn.up.bias");
    }

    @Test
    void modulesAreChosenByNameAndPattern() {
        assertThat(
                        promoted(
                                Map.of(
                                        "target_modules",
                                        List.of("attention.key", "blocks\\.1\\.ffn\\..*"),
                                        "exclude_modules",
                                        "gate")))
                .containsExactly(
                        "blocks.0.attention.key.bias",
                        "blocks.1.attention.key.bias",
                        "blocks.1.ffn.up.bias",
                        "blocks.1.ffn.down.bias");
    }

    @Test
    void someLayersAreChosen() {
        assertThat(promoted(Map.of("layers_to_transform", 1)))
                .hasSize(7 + 2)
                .allMatch(name -> name.startsWith("blocks.1."));
        assertThatThrownBy(() -> promoted(Map.of("layers_to_transform", List.of(0, 7))))
                .hasMessageContaining("layer 7")
                .hasMessageContaining("[0, 1]");
    }

    @Test
    void aModuleWithoutBiasIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> promoted(Map.of("target_modules", "querry")))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGETS_UNMATCHED))
                .hasMessageContaining("did you mean 'query'?");
    }

    private static List<String> promoted(Map<String, Object> settings) {
        return new BitFitMethodFactory()
                .create(Settings.of("peft", settings))
                .plan(FakeBackbone.create())
                .promotions();
    }
}
