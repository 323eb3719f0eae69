package io.fedfm.plugin.ia3;

import static io.fedfm.testing.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
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

final class Ia3MethodTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void closeManager() {
        manager.close();
    }

    @Test
    void scalesKeysValuesAndTheInsideOfTheFeedForwardPartUnlessToldOtherwise() {
        assertThat(plan(Map.of()).attachments())
                .extracting(a -> a.site().role() + ":" + a.module().changesInput())
                .containsExactly(
                        "k:false", "v:false", "down:true", "k:false", "v:false", "down:true");
    }

    @Test
    void shapesAreThoseOfThePeftLibrary() {
        List<Attachment> attachments = plan(Map.of()).attachments();

        assertThat(spec(attachments.get(0)).name()).isEqualTo("ia3_l");
        assertThat(spec(attachments.get(0)).shape()).containsExactly(FakeBackbone.HIDDEN, 1);
        assertThat(spec(attachments.get(2)).shape()).containsExactly(1, FakeBackbone.FEED_FORWARD);
    }

    @Test
    void anOutputIsScaledWithItsBias() {
        Attachment key = plan(Map.of()).attachments().get(0);
        FakeSite site = FakeSite.of(manager, key.site(), 1);
        ModuleParameters p = ModuleParameters.random(manager, key.module(), 2);

        NDArray output = site.run(ops(), key.module(), p);

        NDArray gain = p.get("ia3_l").reshape(FakeBackbone.HIDDEN);
        assertClose(output, site.frozenOutput(ops()).mul(gain), 1e-5);
    }

    @Test
    void feedForwardModulesAreNamedByTheEndOfTheirName() {
        PeftPlan plan =
                plan(
                        Map.of(
                                "target_modules",
                                List.of("query", "output"),
                                "feedforward_modules",
                                List.of("tput")));

        assertThat(plan.attachments())
                .extracting(a -> a.site().role() + ":" + a.module().changesInput())
                .containsExactly("q:false", "o:true", "q:false", "o:true");
    }

    @Test
    void refusesFeedForwardModulesThatAreNoTargets() {
        Map<String, Object> settings =
                Map.of("target_modules", "k", "feedforward_modules", List.of("ffn.up"));

        assertThatThrownBy(() -> plan(settings))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGETS_UNMATCHED))
                .hasMessageContaining("feedforward_modules: 'ffn.up'");
    }

    @Test
    void startsAtOneOrRandomOnRequest() {
        assertThat(first(Map.of())).isEqualTo(1);
        assertThat(first(Map.of("init_ia3_weights", false))).isNotEqualTo(1);
    }

    private static float first(Map<String, Object> settings) {
        ParameterSpec spec = spec(plan(settings).attachments().get(0));
        return spec.initializer().next(new Random(3), spec.shape());
    }

    private static ParameterSpec spec(Attachment attachment) {
        return attachment.module().parameters().get(0);
    }

    private DjlOps ops() {
        return new DjlOps(manager, false, new DropoutStream(0));
    }

    private static PeftPlan plan(Map<String, Object> settings) {
        Settings given = Settings.of("peft", settings);
        PeftPlan plan = new Ia3MethodFactory().create(given).plan(FakeBackbone.create());
        given.check();
        return plan;
    }
}
