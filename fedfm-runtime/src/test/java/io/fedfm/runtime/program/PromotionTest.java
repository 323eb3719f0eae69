package io.fedfm.runtime.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.objective.OwnHead;
import io.fedfm.runtime.weave.Trainable;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frozen weights that become trainable. */
final class PromotionTest {
    @TempDir Path cache;

    private static Function<FrozenBackbone, PeftPlan> promote(String... weights) {
        return backbone -> new PeftPlan(List.of(), List.of(weights));
    }

    @ParameterizedTest
    @ValueSource(strings = {"words", "q.weight", "k.weight", "o.bias", "norm1.weight", "up.bias"})
    void everyKindOfWeightHasAGradient(String weight) {
        try (Compiled compiled = Compiled.of(TinyEncoder.plain(), cache, promote(weight))) {
            compiled.assertAgree(compiled.batch(3, 5));
            Batch batch = compiled.batch(3, 5);
            float[] gradient = compiled.gradients(compiled.split, batch, 0).get(weight);
            assertThat(Compiled.distance(gradient, null)).isGreaterThan(1e-6);
        }
    }

    @Test
    void allWeightsAtOnceAndModulesBesideThem() {
        Function<FrozenBackbone, PeftPlan> plan =
                backbone -> {
                    Site site = Compiled.site(backbone, "q");
                    return new PeftPlan(
                            List.of(new PeftPlan.Attachment(site, TestModule.lowRank(site, 0))),
                            backbone.graph().initializers().keySet().stream()
                                    .filter(
                                            name ->
                                                    name.equals("words")
                                                            || name.endsWith(".weight")
                                                            || name.endsWith(".bias"))
                                    .toList());
                };
        try (Compiled compiled = Compiled.of(TinyEncoder.plain(), cache, plan)) {
            assertThat(compiled.layout.entries()).hasSize(2 + 19 + 2);
            compiled.assertAgree(compiled.batch(3, 5));
        }
    }

    @Test
    void startsFromItsValue() {
        float[] frozen;
        try (Compiled compiled = Compiled.of(TinyEncoder.plain(), cache, promote())) {
            frozen = compiled.fused.logits(compiled.batch(2, 4), compiled.parameters).toFloats();
        }
        try (Compiled compiled = Compiled.of(TinyEncoder.plain(), cache, promote("q.weight"))) {
            assertThat(compiled.values("q.weight"))
                    .containsExactly(TinyEncoder.plain().initializers().get("q.weight").toFloats());
            assertThat(compiled.fused.logits(compiled.batch(2, 4), compiled.parameters).toFloats())
                    .containsExactly(frozen);
        }
    }

    @Test
    void theGraphsOwnHeadIsTrained() {
        try (Compiled compiled =
                Compiled.of(
                        TinyEncoder.classifier(),
                        cache,
                        promote(),
                        backbone -> new OwnHead(backbone.outputs(), TinyEncoder.CLASSES))) {
            assertThat(compiled.woven.trainables())
                    .allMatch(Trainable::head)
                    .extracting(Trainable::name)
                    .containsExactlyInAnyOrder("head.weight", "head.bias");
            compiled.assertAgree(compiled.batch(3, 5));
        }
    }

    @Test
    void aWeightThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Compiled.of(TinyEncoder.plain(), cache, promote("w.weight")))
                .hasMessageContaining("'w.weight'");
    }
}
