package io.fedfm.plugin.vera;

import static io.fedfm.testing.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.SharedTensor;
import io.fedfm.api.tensor.DjlOps;
import io.fedfm.api.tensor.DropoutStream;
import io.fedfm.testing.FakeBackbone;
import io.fedfm.testing.FakeSite;
import io.fedfm.testing.ModuleParameters;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class VeraMethodTest {
    private static final Map<String, Object> WIDE =
            Map.of("r", 3, "target_modules", List.of("q", "up", "down"));

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void closeManager() {
        manager.close();
    }

    @Test
    void projectionsAreAsWideAsTheWidestLayers() {
        List<SharedTensor> shared = plan(WIDE).shared();

        assertThat(shared).extracting(t -> t.spec().name()).containsExactly("vera_A", "vera_B");
        assertThat(shared).noneMatch(SharedTensor::trained);
        assertThat(shared.get(0).spec().shape()).containsExactly(3, FakeBackbone.FEED_FORWARD);
        assertThat(shared.get(1).spec().shape()).containsExactly(FakeBackbone.FEED_FORWARD, 3);
    }

    @Test
    void trainsTwoVectorsAtEachLayer() {
        List<ParameterSpec> parameters = plan(WIDE).attachments().get(1).module().parameters();

        assertThat(parameters)
                .extracting(ParameterSpec::name)
                .containsExactly("vera_lambda_b", "vera_lambda_d");
        assertThat(parameters.get(0).shape()).containsExactly(FakeBackbone.FEED_FORWARD);
        assertThat(parameters.get(1).shape()).containsExactly(3);
        assertThat(first(parameters.get(0))).isZero();
        assertThat(first(parameters.get(1))).isEqualTo(0.1f);
    }

    @Test
    void addsWhatThePaperSays() {
        PeftPlan plan = plan(WIDE);
        Attachment up = plan.attachments().get(1);
        FakeSite site = FakeSite.of(manager, up.site(), 1);
        ModuleParameters p = ModuleParameters.random(manager, plan, up.module(), 2);
        DjlOps ops = new DjlOps(manager, false, new DropoutStream(0));

        NDArray change = site.run(ops, up.module(), p).sub(site.frozenOutput(ops));

        NDArray a = p.get("vera_A").get(":, :" + FakeBackbone.HIDDEN);
        NDArray b = p.get("vera_B").get(":" + FakeBackbone.FEED_FORWARD);
        NDArray d = p.get("vera_lambda_d").reshape(new Shape(-1, 1));
        NDArray l = p.get("vera_lambda_b").reshape(new Shape(-1, 1));
        NDArray update = l.mul(b.matMul(d.mul(a)));
        assertClose(change, site.input().matMul(update.transpose()), 1e-4);
    }

    @Test
    void startsAsToldWithoutUsualWeights() {
        Map<String, Object> settings = Map.of("init_weights", false, "r", 3);

        List<ParameterSpec> parameters = plan(settings).attachments().get(0).module().parameters();

        assertThat(first(parameters.get(0))).isEqualTo(1);
        assertThat(first(parameters.get(1))).isNotEqualTo(0.1f);
    }

    @Test
    void trainsTheBiasesOfItsLayersOnRequest() {
        assertThat(plan(Map.of("bias", "vera_only", "r", 2)).promotions())
                .containsExactly(
                        "blocks.0.attention.query.bias",
                        "blocks.0.attention.value.bias",
                        "blocks.1.attention.query.bias",
                        "blocks.1.attention.value.bias");
    }

    @Test
    void refusesAKeyBesideAFile() {
        Settings settings =
                Settings.of("peft", Map.of("projections", "x", "projection_prng_key", 1));
        new VeraMethodFactory().create(settings);

        assertThatThrownBy(settings::check)
                .hasMessageContaining("peft.projections and projection_prng_key cannot both");
    }

    private static float first(ParameterSpec spec) {
        return spec.initializer().next(new Random(3), spec.shape());
    }

    private static PeftPlan plan(Map<String, Object> settings) {
        Settings given = Settings.of("peft", settings);
        PeftPlan plan = new VeraMethodFactory().create(given).plan(FakeBackbone.create());
        given.check();
        return plan;
    }
}
