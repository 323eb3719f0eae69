package io.fedfm.plugin.adapter;

import static io.fedfm.testing.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.tensor.DjlOps;
import io.fedfm.api.tensor.DropoutStream;
import io.fedfm.testing.FakeBackbone;
import io.fedfm.testing.FakeSite;
import io.fedfm.testing.ModuleParameters;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AdapterMethodTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void closeManager() {
        manager.close();
    }

    @Test
    void sitsAfterBothNormsUnlessToldOtherwise() {
        assertThat(roles(Map.of()))
                .containsExactly("attention_norm", "ffn_norm", "attention_norm", "ffn_norm");
    }

    @Test
    void sitsOnBothSublayersAsHoulsbySays() {
        assertThat(roles(Map.of("placement", "houlsby")))
                .containsExactly(
                        "attention_output", "ffn_output", "attention_output", "ffn_output");
    }

    @Test
    void sitsOnTheFeedForwardPartAsPfeifferSays() {
        assertThat(roles(Map.of("placement", "pfeiffer")))
                .containsExactly("ffn_output", "ffn_output");
    }

    @Test
    void sitsInSomeLayersOnly() {
        assertThat(roles(Map.of("layers_to_transform", 1)))
                .containsExactly("attention_norm", "ffn_norm");
        assertThatThrownBy(() -> roles(Map.of("layers_to_transform", 2)))
                .isInstanceOf(FedFmException.class)
                .hasMessageContaining("layer 2");
    }

    @Test
    void countsTheParametersOfTwoLinearLayers() {
        List<ParameterSpec> parameters = attachment(Map.of("bottleneck", 3)).module().parameters();

        assertThat(parameters)
                .extracting(ParameterSpec::name)
                .containsExactly("down.weight", "down.bias", "up.weight", "up.bias");
        assertThat(parameters.get(0).shape()).containsExactly(3, FakeBackbone.HIDDEN);
        assertThat(parameters.get(1).shape()).containsExactly(3);
        assertThat(parameters.get(2).shape()).containsExactly(FakeBackbone.HIDDEN, 3);
        assertThat(parameters.get(3).shape()).containsExactly(FakeBackbone.HIDDEN);
    }

    @Test
    void startsDownAsPyTorchDoesAndUpAtZero() {
        double bound = 1 / Math.sqrt(FakeBackbone.HIDDEN);
        List<ParameterSpec> parameters =
                attachment(Map.of("bottleneck", 600)).module().parameters();

        assertThat(largest(parameters.get(0))).isBetween(0.98 * bound, bound);
        assertThat(largest(parameters.get(1))).isBetween(0.98 * bound, bound);
        assertThat(largest(parameters.get(2))).isZero();
        assertThat(largest(parameters.get(3))).isZero();
    }

    @Test
    void addsTheBottleneckToTheHiddenState() {
        checkFormula("relu", a -> Math.max(a, 0));
        checkFormula("tanh", Math::tanh);
        checkFormula("silu", a -> a / (1 + Math.exp(-a)));
    }

    @Test
    void dropsInTrainingOnly() {
        Attachment attachment = attachment(Map.of("adapter_dropout", 0.5));
        FakeSite site = FakeSite.of(manager, attachment.site(), 1);
        ModuleParameters p = ModuleParameters.random(manager, attachment.module(), 2);

        float[] evaluated = site.run(ops(false), attachment.module(), p).toFloatArray();

        assertThat(site.run(ops(false), attachment.module(), p).toFloatArray())
                .isEqualTo(evaluated);
        assertThat(site.run(ops(true), attachment.module(), p).toFloatArray())
                .isNotEqualTo(evaluated);
    }

    @Test
    void refusesABackboneWithoutSuchPlacesAndNamesThoseItHas() {
        Backbone whole = FakeBackbone.create();
        Backbone backbone =
                new Backbone(
                        whole.sites().stream()
                                .filter(site -> !site.role().endsWith("_norm"))
                                .toList(),
                        List.of());

        assertThatThrownBy(() -> plan(Map.of(), backbone))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGETS_UNMATCHED))
                .hasMessageContaining("'after_norm' needs")
                .hasMessageContaining("has [attention_output, attention_sum, ffn_output, ffn_sum]")
                .hasMessageContaining("placements that fit it: [houlsby, pfeiffer]");
        assertThatThrownBy(() -> plan(Map.of(), FakeBackbone.without(SiteKind.HIDDEN)))
                .hasMessageContaining("this backbone has none");
    }

    @Test
    void refusesWrongSettingsAllAtOnce() {
        Settings settings =
                Settings.of(
                        "peft",
                        Map.of("bottleneck", 0, "activation", "rleu", "placement", "before"));
        new AdapterMethodFactory().create(settings);

        assertThatThrownBy(settings::check)
                .hasMessageContaining("peft.bottleneck must be at least 1")
                .hasMessageContaining("did you mean 'relu'?")
                .hasMessageContaining("peft.placement must be one of after_norm");
    }

    private void checkFormula(String activation, DoubleUnaryOperator function) {
        Attachment attachment = attachment(Map.of("bottleneck", 3, "activation", activation));
        PeftModule module = attachment.module();
        FakeSite site = FakeSite.of(manager, attachment.site(), 1);
        ModuleParameters p = ModuleParameters.random(manager, module, 2);

        NDArray low = site.input().matMul(p.get("down.weight").transpose()).add(p.get("down.bias"));
        float[] activated = low.toFloatArray();
        for (int i = 0; i < activated.length; i++) {
            activated[i] = (float) function.applyAsDouble(activated[i]);
        }
        NDArray up =
                manager.create(activated, low.getShape())
                        .matMul(p.get("up.weight").transpose())
                        .add(p.get("up.bias"));
        assertClose(site.run(ops(false), module, p), site.input().add(up), 1e-4);
    }

    private static double largest(ParameterSpec spec) {
        Random random = new Random(11);
        long size = 1;
        for (long dimension : spec.shape()) {
            size *= dimension;
        }
        double largest = 0;
        for (long i = 0; i < size; i++) {
            largest = Math.max(largest, Math.abs(spec.initializer().next(random, spec.shape())));
        }
        return largest;
    }

    private DjlOps ops(boolean training) {
        return new DjlOps(manager, training, new DropoutStream(3));
    }

    private static List<String> roles(Map<String, Object> settings) {
        return plan(settings, FakeBackbone.create()).attachments().stream()
                .map(attachment -> attachment.site().role())
                .toList();
    }

    private static Attachment attachment(Map<String, Object> settings) {
        return plan(settings, FakeBackbone.create()).attachments().get(0);
    }

    private static PeftPlan plan(Map<String, Object> settings, Backbone backbone) {
        Settings given = Settings.of("peft", settings);
        PeftPlan plan = new AdapterMethodFactory().create(given).plan(backbone);
        given.check();
        return plan;
    }
}
