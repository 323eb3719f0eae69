package io.fedfm.runtime.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.graph.Graph;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What modules may ask for, in both executions. */
final class ModuleGradientsTest {
    private static final String[] LINEAR = {"q", "k", "v", "o", "up", "down"};

    @TempDir Path cache;

    @Test
    void lowRankUpdatesOfEveryLinearLayer() {
        check(TinyEncoder.plain(), site -> TestModule.lowRank(site, 0), LINEAR);
    }

    @Test
    void hiddenStatesOfEveryPlace() {
        check(
                TinyEncoder.plain(),
                site -> TestModule.affine(site, ""),
                "attention_output",
                "attention_sum",
                "attention_norm",
                "ffn_output",
                "ffn_sum",
                "ffn_norm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "k", "v", "qkv"})
    void partsOfAPackedProjection(String role) {
        check(TinyEncoder.packed(), site -> TestModule.lowRank(site, 0), role);
        check(TinyEncoder.packed(), TestModule::weightNorm, role);
    }

    @Test
    void allPartsOfAPackedProjectionAtOnce() {
        check(TinyEncoder.packed(), site -> TestModule.lowRank(site, 0), "v", "q", "k");
    }

    @Test
    void frozenWeightsAndStoppedGradients() {
        check(TinyEncoder.plain(), TestModule::weightNorm, "q", "down");
    }

    @Test
    void promotedWeightsThatAModuleReads() {
        Function<FrozenBackbone, PeftPlan> plan =
                backbone -> {
                    Site site = Compiled.site(backbone, "up");
                    return new PeftPlan(
                            List.of(new PeftPlan.Attachment(site, TestModule.weightNorm(site))),
                            List.of("up.weight", "up.bias"));
                };
        check(TinyEncoder.plain(), plan);
    }

    @Test
    void changedInputs() {
        check(TinyEncoder.plain(), TestModule::scaledInput, "q", "down");
    }

    @Test
    void aChangedInputIsWhatTheModuleSeesAfterwards() {
        float[] woven;
        try (Compiled compiled =
                Compiled.of(
                        TinyEncoder.plain(), cache, Compiled.at(TestModule::scaledInput, "up"))) {
            woven = logits(compiled);
        }
        try (Compiled compiled =
                Compiled.of(
                        TinyEncoder.plain(),
                        cache,
                        Compiled.at(TestModule::scaledInputByHand, "up"))) {
            assertThat(logits(compiled)).containsExactly(woven, within(1e-5f));
        }
    }

    @Test
    void thePartOfAPackedProjectionHasNoInputOfItsOwn() {
        assertThatThrownBy(() -> check(TinyEncoder.packed(), TestModule::scaledInput, "q"))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED))
                .hasMessageContaining("[q]");
        check(TinyEncoder.packed(), TestModule::scaledInput, "qkv");
    }

    @Test
    void resultsThatAreNotContiguous() {
        check(TinyEncoder.plain(), TestModule::permuting, "up", "ffn_norm");
    }

    @Test
    void resultsThatAreTheSitesOwn() {
        Function<FrozenBackbone, PeftPlan> plan =
                backbone -> {
                    Site q = Compiled.site(backbone, "q");
                    Site v = Compiled.site(backbone, "v");
                    return PeftPlan.of(
                            List.of(
                                    new PeftPlan.Attachment(q, TestModule.lowRank(q, 0)),
                                    new PeftPlan.Attachment(q, TestModule.identity()),
                                    new PeftPlan.Attachment(v, TestModule.identity())));
                };
        check(TinyEncoder.plain(), plan);
    }

    @Test
    void aModuleThroughWhichNoGradientFlows() {
        Function<FrozenBackbone, PeftPlan> plan =
                backbone -> {
                    Site below = Compiled.site(backbone, "q");
                    Site site = Compiled.site(backbone, "ffn_norm");
                    return PeftPlan.of(
                            List.of(
                                    new PeftPlan.Attachment(below, TestModule.lowRank(below, 0)),
                                    new PeftPlan.Attachment(site, TestModule.cut(site))));
                };
        try (Compiled compiled = Compiled.of(TinyEncoder.plain(), cache, plan)) {
            Batch batch = compiled.batch(3, 5);
            compiled.assertAgree(batch);
            Map<String, float[]> gradients = compiled.gradients(compiled.split, batch, 0);
            gradients.forEach(
                    (name, values) ->
                            assertThat(Compiled.distance(values, null) > 0)
                                    .as(name)
                                    .isEqualTo(
                                            name.startsWith("classifier")
                                                    || name.endsWith("shift")));
        }
    }

    @Test
    void twoModulesAtOneSiteInTheOrderOfThePlan() {
        float[] bare;
        float[] weight;
        float[] bias;
        try (Compiled compiled =
                Compiled.of(TinyEncoder.plain(), cache, backbone -> PeftPlan.of(List.of()))) {
            bare = logits(compiled);
            weight = compiled.values("classifier.weight");
            bias = compiled.values("classifier.bias");
        }
        float[] scaledFirst = twice("scaler_", "shifter_");
        float[] shiftedFirst = twice("shifter_", "scaler_");
        for (int i = 0; i < bare.length; i++) {
            int row = i % TinyEncoder.CLASSES;
            double sum = 0;
            for (int j = 0; j < TinyEncoder.WIDTH; j++) {
                sum += weight[row * TinyEncoder.WIDTH + j];
            }
            double doubled = 2 * (bare[i] - bias[row]) + bias[row];
            assertThat((double) scaledFirst[i]).isCloseTo(doubled + 3 * sum, within(1e-4));
            assertThat((double) shiftedFirst[i]).isCloseTo(doubled + 6 * sum, within(1e-4));
        }
    }

    /** Logits where one module doubles the last hidden state, and the other adds 3. */
    private float[] twice(String first, String second) {
        Function<FrozenBackbone, PeftPlan> plan =
                backbone -> {
                    Site site = Compiled.site(backbone, "ffn_norm");
                    return PeftPlan.of(
                            Stream.of(first, second)
                                    .map(name -> TestModule.affine(site, name))
                                    .map(module -> new PeftPlan.Attachment(site, module))
                                    .toList());
                };
        try (Compiled compiled = Compiled.of(TinyEncoder.plain(), cache, plan)) {
            String site = Compiled.site(compiled.backbone, "ffn_norm").name();
            compiled.fill(site + ".scaler_scale", 2);
            compiled.fill(site + ".scaler_shift", 0);
            compiled.fill(site + ".shifter_scale", 1);
            compiled.fill(site + ".shifter_shift", 3);
            compiled.assertAgree(compiled.batch(2, 4));
            return logits(compiled);
        }
    }

    private static float[] logits(Compiled compiled) {
        return compiled.fused.logits(compiled.batch(2, 4), compiled.parameters).toFloats();
    }

    private void check(Graph graph, Function<Site, PeftModule> module, String... roles) {
        check(graph, Compiled.at(module, roles));
    }

    private void check(Graph graph, Function<FrozenBackbone, PeftPlan> plan) {
        try (Compiled compiled = Compiled.of(graph, cache, plan)) {
            compiled.assertAgree(compiled.batch(3, 5));
            assertThat(compiled.tensors.getAllocatedMemory()).isZero();
        }
    }
}
