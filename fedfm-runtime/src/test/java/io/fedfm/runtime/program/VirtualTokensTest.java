package io.fedfm.runtime.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.peft.VirtualTokens;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.OwnHead;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.TokenClassification;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trained tokens that stand in the sequence. */
final class VirtualTokensTest {
    private static final Path EXPORTS = Path.of("../fedfm-dist/src/test/resources/exports");

    @TempDir Path cache;

    @ParameterizedTest
    @EnumSource(value = Pooling.class, names = "POOLER", mode = EnumSource.Mode.EXCLUDE)
    void bothExecutionsAndAutogradAgree(Pooling pooling) {
        for (Graph graph : List.of(TinyEncoder.plain(), TinyEncoder.unmasked())) {
            try (Compiled compiled = Compiled.of(graph, cache, prompt(2), Compiled.head(pooling))) {
                compiled.assertAgree(compiled.batch(3, 4));
            }
        }
    }

    /** Without positions a virtual token that is a word's embedding is that word. */
    @ParameterizedTest
    @EnumSource(value = Pooling.class, names = "POOLER", mode = EnumSource.Mode.EXCLUDE)
    void aPromptOfWordsIsThoseWords(Pooling pooling) {
        try (Compiled bare =
                        Compiled.of(
                                TinyEncoder.plain(),
                                cache,
                                backbone -> PeftPlan.of(List.of()),
                                Compiled.head(pooling));
                Compiled prompted =
                        Compiled.of(
                                TinyEncoder.plain(), cache, prompt(2), Compiled.head(pooling))) {
            float[] words = new float[2 * TinyEncoder.WIDTH];
            float[] table = prompted.backbone.graph().initializers().get("words").toFloats();
            System.arraycopy(table, 5 * TinyEncoder.WIDTH, words, 0, words.length);
            String parameter = prompted.layout.entries().get(0).name();
            prompted.parameters.floats(parameter).put(words);

            float[] expected =
                    bare.fused
                            .logits(
                                    batch(new long[] {5, 6, 9, 8, 7, 5, 6, 3, 2, 0}, 5),
                                    bare.parameters)
                            .toFloats();

            assertThat(
                            prompted.fused
                                    .logits(
                                            batch(new long[] {9, 8, 7, 3, 2, 0}, 3),
                                            prompted.parameters)
                                    .toFloats())
                    .containsExactly(expected, within(1e-5f));
        }
    }

    @Test
    void theHeadOfAGraphSeesTheWholeSequence() {
        try (Compiled compiled =
                Compiled.of(
                        OnnxReader.read(EXPORTS.resolve("bert-torchscript-seqcls.onnx")),
                        cache,
                        prompt(3),
                        backbone -> new OwnHead(backbone.outputs(), 3))) {
            Batch batch = batch(new long[] {9, 8, 7, 3, 2, 0}, 3);
            Map<String, Tensor> feeds = new HashMap<>(batch.feeds());
            feeds.put("token_type_ids", Tensor.longs(new long[6], 2, 3));
            compiled.assertAgree(new Batch(feeds, 2, 3));
        }
    }

    @Test
    void wordsHaveAClassEachAndVirtualTokensNone() {
        try (Compiled compiled =
                Compiled.of(
                        TinyEncoder.plain(),
                        cache,
                        prompt(2),
                        backbone ->
                                new TokenClassification(TinyEncoder.WIDTH, TinyEncoder.CLASSES))) {
            Batch row = batch(new long[] {9, 8, 7, 3, 2, 0}, 3);
            Map<String, Tensor> feeds = new HashMap<>(row.feeds());
            feeds.put(Batch.LABELS, Tensor.longs(new long[] {-100, 1, 2, 0, -100, -100}, 2, 3));
            Batch batch = new Batch(feeds, 2, 3);
            compiled.assertAgree(batch);

            Outcome outcome = compiled.fused.evaluate(batch, compiled.parameters);

            assertThat(outcome.labels()).isEqualTo(3);
            assertThat(outcome).isEqualTo(compiled.split.evaluate(batch, compiled.parameters));
            float[] logits = compiled.fused.logits(batch, compiled.parameters).toFloats();
            for (int token = 0; token < 6; token++) {
                int at = (token / 3 * 5 + 2 + token % 3) * TinyEncoder.CLASSES;
                int best = outcome.predicted().get(token).intValue();
                for (int c = 0; c < TinyEncoder.CLASSES; c++) {
                    assertThat(logits[at + best]).isGreaterThanOrEqualTo(logits[at + c]);
                }
            }
        }
    }

    @Test
    void positionsAreSharedWithTheText() {
        Graph bert = OnnxReader.read(EXPORTS.resolve("bert-torchscript-eager.onnx"));
        try (Compiled compiled = Compiled.of(bert, cache, prompt(62))) {
            assertThat(compiled.woven.layout().size()).isPositive();
        }
        assertThatThrownBy(() -> Compiled.of(bert, cache, prompt(64)).close())
                .isInstanceOf(FedFmException.class)
                .hasMessageContaining("64")
                .hasMessageContaining("num_virtual_tokens");
    }

    private static Batch batch(long[] ids, int length) {
        long[] mask = java.util.stream.LongStream.of(ids).map(id -> id == 0 ? 0 : 1).toArray();
        Map<String, Tensor> feeds = new HashMap<>();
        feeds.put("input_ids", Tensor.longs(ids, 2, length));
        feeds.put("attention_mask", Tensor.longs(mask, 2, length));
        feeds.put(Batch.LABELS, Tensor.longs(new long[] {1, 2}, 2));
        return new Batch(feeds, 2, length);
    }

    private static Function<FrozenBackbone, PeftPlan> prompt(int tokens) {
        return backbone -> {
            Site words = backbone.anatomy().backbone().sites(SiteKind.EMBEDDING).get(0);
            return PeftPlan.of(
                            List.of(
                                    new PeftPlan.Attachment(
                                            words, TestModule.prompt(words, tokens))))
                    .withVirtualTokens(VirtualTokens.inSequence(tokens));
        };
    }
}
