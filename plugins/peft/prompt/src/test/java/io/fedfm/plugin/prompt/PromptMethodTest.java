package io.fedfm.plugin.prompt;

import static io.fedfm.testing.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.peft.VirtualTokens;
import io.fedfm.api.tensor.DjlOps;
import io.fedfm.api.tensor.DropoutStream;
import io.fedfm.testing.FakeBackbone;
import io.fedfm.testing.FakeSite;
import io.fedfm.testing.ModuleParameters;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PromptMethodTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void closeManager() {
        manager.close();
    }

    @Test
    void asksForTokensInTheSequence() {
        PeftPlan plan = plan(Map.of("num_virtual_tokens", 5), FakeBackbone.create());

        assertThat(plan.virtualTokens()).isEqualTo(VirtualTokens.inSequence(5));
        assertThat(plan.attachments()).hasSize(1);
        assertThat(module(plan).parameters().get(0).shape())
                .containsExactly(5, FakeBackbone.HIDDEN);
    }

    @Test
    void takesThePlaceOfTheFirstRowsOnly() {
        PeftPlan plan = plan(Map.of("num_virtual_tokens", 2), FakeBackbone.create());
        FakeSite site = FakeSite.of(manager, plan.attachments().get(0).site(), 1);
        ModuleParameters p = ModuleParameters.random(manager, module(plan), 2);

        NDArray output = site.run(ops(), module(plan), p);

        for (int row = 0; row < 2; row++) {
            assertClose(output.get(new NDIndex("{}, :2", row)), p.get("prompt_embeddings"), 0);
            assertClose(
                    output.get(new NDIndex("{}, 2:", row)),
                    site.input().get(new NDIndex("{}, 2:", row)),
                    0);
        }
    }

    @Test
    void startsFromATextThatIsRepeatedToFit() {
        NDArray start = start(Map.of("num_virtual_tokens", 5), 2, 19, 3);

        assertThat(start.toFloatArray()).isEqualTo(rows(2, 19, 3, 2, 19));
    }

    @Test
    void startsFromATextThatIsCutToFit() {
        NDArray start = start(Map.of("num_virtual_tokens", 2), 4, 0, 7);

        assertThat(start.toFloatArray()).isEqualTo(rows(4, 0));
    }

    @Test
    void startsFromWordsThatASeedDraws() {
        Map<String, Object> drawn =
                Map.of("num_virtual_tokens", 4, "prompt_tuning_init", "SAMPLE_VOCAB");
        Map<String, Object> otherwise =
                Map.of(
                        "num_virtual_tokens",
                        4,
                        "prompt_tuning_init",
                        "SAMPLE_VOCAB",
                        "prompt_tuning_init_seed",
                        1);

        float[] start = initial(plan(drawn, FakeBackbone.create())).orElseThrow().toFloatArray();

        assertThat(start)
                .isEqualTo(initial(plan(drawn, FakeBackbone.create())).orElseThrow().toFloatArray())
                .isNotEqualTo(
                        initial(plan(otherwise, FakeBackbone.create()))
                                .orElseThrow()
                                .toFloatArray());
        for (int i = 0; i < 4; i++) {
            // The table of the fake holds its own index in each row.
            float word = start[i * (int) FakeBackbone.HIDDEN];
            assertThat(word).isBetween(0f, FakeBackbone.VOCABULARY - 1f);
        }
    }

    @Test
    void startsFromNormalNumbersUnlessToldOtherwise() {
        assertThat(initial(plan(Map.of(), FakeBackbone.create()))).isEmpty();
    }

    @Test
    void refusesABackboneWithoutWords() {
        assertThatThrownBy(() -> plan(Map.of(), FakeBackbone.without(SiteKind.EMBEDDING)))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGETS_UNMATCHED));
    }

    @Test
    void refusesATextWithoutATokenizerAndATokenizerOfAnotherModel() {
        Map<String, Object> text = text(Map.of());

        assertThatThrownBy(() -> plan(text, FakeBackbone.create()))
                .hasMessageContaining("tokenizer.json");
        assertThatThrownBy(() -> plan(text, FakeBackbone.create().with(t -> new int[] {20})))
                .hasMessageContaining("id 20")
                .hasMessageContaining("embeddings for 20 tokens");
        assertThatThrownBy(() -> plan(text, FakeBackbone.create().with(t -> new int[0])))
                .hasMessageContaining("no token");
    }

    @Test
    void refusesWrongSettingsAllAtOnce() {
        Settings settings =
                Settings.of("peft", Map.of("num_virtual_tokens", 0, "prompt_tuning_init", "TEXT"));
        new PromptMethodFactory().create(settings);

        assertThatThrownBy(settings::check)
                .hasMessageContaining("peft.num_virtual_tokens must be at least 1")
                .hasMessageContaining("peft.prompt_tuning_init_text is required");
    }

    private NDArray start(Map<String, Object> settings, int... ids) {
        return initial(plan(text(settings), FakeBackbone.create().with(text -> ids))).orElseThrow();
    }

    private static Map<String, Object> text(Map<String, Object> settings) {
        Map<String, Object> all = new java.util.HashMap<>(settings);
        all.put("prompt_tuning_init", "TEXT");
        all.put("prompt_tuning_init_text", "a text");
        return all;
    }

    private Optional<NDArray> initial(PeftPlan plan) {
        NDArray table =
                manager.arange(FakeBackbone.VOCABULARY)
                        .reshape(FakeBackbone.VOCABULARY, 1)
                        .repeat(1, FakeBackbone.HIDDEN)
                        .toType(ai.djl.ndarray.types.DataType.FLOAT32, false);
        return module(plan).initial("prompt_embeddings", ops(), new Table(table));
    }

    private static float[] rows(int... ids) {
        float[] rows = new float[ids.length * (int) FakeBackbone.HIDDEN];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = ids[i / (int) FakeBackbone.HIDDEN];
        }
        return rows;
    }

    private DjlOps ops() {
        return new DjlOps(manager, false, new DropoutStream(0));
    }

    private static PeftModule module(PeftPlan plan) {
        return plan.attachments().get(0).module();
    }

    private static PeftPlan plan(Map<String, Object> settings, Backbone backbone) {
        Settings given = Settings.of("peft", settings);
        PeftPlan plan = new PromptMethodFactory().create(given).plan(backbone);
        given.check();
        return plan;
    }

    /** Word embeddings alone. */
    private record Table(NDArray table) implements SiteTensors<NDArray> {
        @Override
        public NDArray input() {
            throw new IllegalStateException("there is no input yet");
        }

        @Override
        public NDArray output() {
            throw new IllegalStateException("there is no output yet");
        }

        @Override
        public NDArray tensor(String name) {
            assertThat(name).isEqualTo("weight");
            return table;
        }

        @Override
        public boolean has(String name) {
            return name.equals("weight");
        }
    }
}
