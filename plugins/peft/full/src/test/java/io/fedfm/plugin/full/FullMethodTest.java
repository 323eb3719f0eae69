package io.fedfm.plugin.full;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.Backbone.WeightInfo;
import io.fedfm.testing.FakeBackbone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FullMethodTest {
    @Test
    void everyWeightIsPromoted() {
        Backbone backbone = FakeBackbone.create();
        assertThat(promoted(backbone, Map.of()))
                .containsExactlyElementsOf(
                        backbone.weights().stream().map(WeightInfo::name).toList());
    }

    @Test
    void partsCanStayFrozen() {
        assertThat(promoted(FakeBackbone.create(), Map.of("exclude_modules", "blocks\\.0\\..*")))
                .isNotEmpty()
                .allMatch(name -> name.startsWith("blocks.1."));
    }

    @Test
    void quantisedWeightsAreRefused() {
        Backbone plain = FakeBackbone.create();
        List<WeightInfo> weights = new ArrayList<>(plain.weights());
        weights.add(new WeightInfo("dense_quantized", List.of(8L, 8L), "quantized"));
        Backbone quantised = new Backbone(plain.sites(), weights);

        assertThatThrownBy(() -> promoted(quantised, Map.of()))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGETS_UNMATCHED))
                .hasMessageContaining("'dense_quantized' is quantised");
    }

    private static List<String> promoted(Backbone backbone, Map<String, Object> settings) {
        return new FullMethodFactory()
                .create(Settings.of("peft", settings))
                .plan(backbone)
                .promotions();
    }
}
