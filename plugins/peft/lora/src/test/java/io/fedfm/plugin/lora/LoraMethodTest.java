package io.fedfm.plugin.lora;

import static io.fedfm.testing.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.api.tensor.DjlOps;
import io.fedfm.api.tensor.DropoutStream;
import io.fedfm.testing.FakeBackbone;
import io.fedfm.testing.FakeSite;
import io.fedfm.testing.ModuleParameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LoraMethodTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void closeManager() {
        manager.close();
    }

    @Test
    void attachesToQueryAndValueUnlessToldOtherwise() {
        assertThat(plan(Map.of()).attachments())
                .extracting(attachment -> attachment.site().role())
                .containsExactly("q", "v", "q", "v");
    }

    @Test
    void declaresTheMatricesOfThePaper() {
        PeftModule module = module(Map.of("r", 3, "target_modules", "up"));

        assertThat(module.parameters())
                .extracting(ParameterSpec::name)
                .containsExactly("lora_A", "lora_B");
        assertThat(module.parameters().get(0).shape()).containsExactly(3, FakeBackbone.HIDDEN);
        assertThat(module.parameters().get(1).shape())
                .containsExactly(FakeBackbone.FEED_FORWARD, 3);
    }

    @Test
    void addsTheScaledProductOfAAndB() {
        checkScaling(Map.of("r", 4, "lora_alpha", 10), 2.5);
    }

    @Test
    void scalesByTheRootOfTheRankWithRslora() {
        checkScaling(Map.of("r", 4, "lora_alpha", 10, "use_rslora", true), 5);
    }

    @Test
    void scalesByOneAsThePeftLibraryDoesByDefault() {
        checkScaling(Map.of(), 1);
    }

    @Test
    void startsAUniformlyWithinTheRootOfTheFanIn() {
        double bound = 1 / Math.sqrt(FakeBackbone.HIDDEN);
        float[] values = initialA(Map.of("r", 500));

        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isBetween(0.98 * bound, bound);
        assertThat(deviation(values)).isBetween(0.95 * bound / Math.sqrt(3), bound);
    }

    @Test
    void startsANormallyOnRequest() {
        float[] values = initialA(Map.of("r", 500, "init_lora_weights", "gaussian"));

        assertThat(deviation(values)).isBetween(0.95 / 500, 1.05 / 500);
    }

    @Test
    void dropsInTrainingOnlyAndBySeed() {
        PeftModule module = module(Map.of("lora_dropout", 0.5));
        FakeSite site = FakeSite.of(manager, site(), 1);
        ModuleParameters p = ModuleParameters.random(manager, module, 2);

        NDArray evaluated = site.run(ops(false, 7), module, p);
        NDArray trained = site.run(ops(true, 7), module, p);

        assertClose(site.run(ops(false, 8), module, p), evaluated, 0);
        assertClose(site.run(ops(true, 7), module, p), trained, 0);
        assertThat(site.run(ops(true, 8), module, p).toFloatArray())
                .isNotEqualTo(trained.toFloatArray());
        assertThat(evaluated.toFloatArray()).isNotEqualTo(trained.toFloatArray());
    }

    @Test
    void refusesTargetsThatMatchNothing() {
        assertThatThrownBy(() -> plan(Map.of("target_modules", List.of("q", "querry"))))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGETS_UNMATCHED))
                .hasMessageContaining("querry")
                .hasMessageContaining("did you mean 'query'?");
    }

    @Test
    void refusesSettingsOutOfRangeAllAtOnce() {
        Settings settings =
                Settings.of("peft", Map.of("r", 0, "lora_dropout", 1, "target_modules", List.of()));
        new LoraMethodFactory().create(settings);

        assertThatThrownBy(settings::check)
                .hasMessageContaining("peft.r must be at least 1")
                .hasMessageContaining("peft.lora_dropout must be from 0 to 0.99")
                .hasMessageContaining("peft.target_modules must name");
    }

    @Test
    void ranksAndScalesFollowTheFirstPatternThatMatches() {
        Map<String, Object> ranks = new LinkedHashMap<>();
        ranks.put("blocks.[0-0].attention.query", 2);
        ranks.put("query", 3);
        ranks.put("ttention.value", 5);
        ranks.put("v", 6);
        Map<String, Object> settings =
                Map.of("rank_pattern", ranks, "alpha_pattern", Map.of("value", 12), "r", 4);

        assertThatThrownBy(() -> plan(settings))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGETS_UNMATCHED))
                .hasMessageContaining("rank_pattern: 'ttention.value' matches none");
        ranks.remove("ttention.value");
        assertThat(plan(settings).attachments())
                .extracting(a -> a.module().parameters().get(0).shape()[0])
                .containsExactly(2L, 6L, 3L, 6L);
        LoraConfig config = LoraConfig.from(Settings.of("peft", settings));
        assertThat(plan(settings).attachments())
                .extracting(a -> config.scaling(a.site()))
                .containsExactly(4.0, 2.0, 8.0 / 3, 2.0);
    }

    @Test
    void bAndTheMagnitudeLearnFasterWithLoraPlus() {
        PeftModule module = module(Map.of("loraplus_lr_ratio", 16, "use_dora", true));

        assertThat(module.parameters())
                .extracting(spec -> spec.name() + ":" + spec.learningRateFactor())
                .containsExactly("lora_A:1.0", "lora_B:16.0", "lora_magnitude_vector:16.0");
    }

    @Test
    void trainsBiasesOnRequest() {
        assertThat(plan(Map.of()).promotions()).isEmpty();
        assertThat(plan(Map.of("bias", "lora_only")).promotions())
                .containsExactly(
                        "blocks.0.attention.query.bias",
                        "blocks.0.attention.value.bias",
                        "blocks.1.attention.query.bias",
                        "blocks.1.attention.value.bias");
        assertThat(plan(Map.of("bias", "all")).promotions())
                .hasSize(18)
                .allMatch(name -> name.endsWith(".bias"));
    }

    @Test
    void startsBothAtRandomWithoutUsualWeights() {
        ParameterSpec b = module(Map.of("init_lora_weights", false)).parameters().get(1);

        assertThat(b.initializer().next(new Random(1), b.shape())).isNotZero();
        assertThat(
                        module(Map.of())
                                .parameters()
                                .get(1)
                                .initializer()
                                .next(new Random(1), b.shape()))
                .isZero();
    }

    @Test
    void doraStretchesTheColumnsOfTheUpdatedWeight() {
        PeftModule module = module(Map.of("use_dora", true, "r", 4, "lora_alpha", 10));
        FakeSite site = FakeSite.of(manager, site(), 1);
        ModuleParameters p = ModuleParameters.random(manager, module, 2);
        DjlOps ops = ops(false, 0);

        NDArray output = site.run(ops, module, p);

        // Rows of W as PyTorch keeps it are what the norm is taken over.
        NDArray weight = site.weight().transpose().add(product(p, 2.5));
        NDArray gain = p.get("lora_magnitude_vector").div(weight.norm(new int[] {1}));
        NDArray stretched = weight.mul(gain.reshape(-1, 1)).transpose();
        assertClose(output, site.input().matMul(stretched).add(site.bias()), 1e-4);
    }

    @Test
    void doraDropsTheInputOfTheFrozenProductToo() {
        PeftModule module = module(Map.of("use_dora", true, "lora_dropout", 0.5));
        FakeSite site = FakeSite.of(manager, site(), 1);
        ModuleParameters p = ModuleParameters.random(manager, module, 2);
        p.get("lora_B").muli(0);
        DjlOps ops = ops(true, 3);

        NDArray output = site.run(ops, module, p);

        NDArray dropped = ops(true, 3).dropout(site.input(), 0.5);
        NDArray norm = site.weight().transpose().norm(new int[] {1});
        NDArray gain = p.get("lora_magnitude_vector").div(norm).sub(1);
        NDArray stretched = dropped.matMul(site.weight()).mul(gain);
        assertClose(output, site.frozenOutput(ops).add(stretched), 1e-4);
    }

    @Test
    void refusesPatternsThatAreNone() {
        Settings settings =
                Settings.of(
                        "peft",
                        Map.of(
                                "rank_pattern",
                                Map.of("(q", 2),
                                "alpha_pattern",
                                Map.of("q", "much"),
                                "use_dora",
                                true,
                                "init_lora_weights",
                                false));
        new LoraMethodFactory().create(settings);

        assertThatThrownBy(settings::check)
                .hasMessageContaining("peft.rank_pattern '(q' is no pattern")
                .hasMessageContaining("peft.alpha_pattern.q must be a number")
                .hasMessageContaining("init_lora_weights cannot be false with use_dora");
    }

    private static NDArray product(ModuleParameters p, double scaling) {
        return p.get("lora_B").matMul(p.get("lora_A")).mul((float) scaling);
    }

    private void checkScaling(Map<String, Object> settings, double scaling) {
        PeftModule module = module(settings);
        FakeSite site = FakeSite.of(manager, site(), 1);
        ModuleParameters p = ModuleParameters.random(manager, module, 2);

        NDArray change = site.run(ops(false, 0), module, p).sub(site.frozenOutput(ops(false, 0)));

        assertClose(change, site.input().matMul(product(p, scaling).transpose()), 1e-4);
    }

    private float[] initialA(Map<String, Object> settings) {
        ParameterSpec spec = module(settings).parameters().get(0);
        Random random = new Random(11);
        float[] values = new float[Math.toIntExact(spec.shape()[0] * spec.shape()[1])];
        for (int i = 0; i < values.length; i++) {
            values[i] = spec.initializer().next(random, spec.shape());
        }
        return values;
    }

    private static double deviation(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares / values.length);
    }

    private DjlOps ops(boolean training, long seed) {
        return new DjlOps(manager, training, new DropoutStream(seed));
    }

    private static Site site() {
        return plan(Map.of()).attachments().get(0).site();
    }

    private static PeftModule module(Map<String, Object> settings) {
        return plan(settings).attachments().get(0).module();
    }

    private static PeftPlan plan(Map<String, Object> settings) {
        Settings given = Settings.of("peft", settings);
        PeftPlan plan = new LoraMethodFactory().create(given).plan(FakeBackbone.create());
        given.check();
        return plan;
    }
}
