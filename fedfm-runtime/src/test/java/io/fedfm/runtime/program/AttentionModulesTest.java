package io.fedfm.runtime.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.VirtualTokens;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.Pooling;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules at attentions, and virtual tokens that exist in attentions only. */
final class AttentionModulesTest {
    private static final int ROWS = 3;
    private static final int LENGTH = 5;

    @TempDir Path cache;

    @Test
    void agreeInBothExecutionsAndWithPyTorch() {
        for (Graph graph : List.of(PositionedEncoder.apart(), PositionedEncoder.joined())) {
            try (Compiled compiled = compiled(graph, 2)) {
                compiled.assertAgree(compiled.batch(ROWS, LENGTH));
            }
        }
    }

    @Test
    void doNotDependOnTheLayoutOfTheHeads() {
        try (Compiled apart = compiled(PositionedEncoder.apart(), 2);
                Compiled joined = compiled(PositionedEncoder.joined(), 2)) {
            assertSame(joined, apart, joined.batch(ROWS, LENGTH));
        }
    }

    @Test
    void doNotDependOnHowRowsAreMaskedWhole() {
        try (Compiled finite = compiled(PositionedEncoder.apart(), 2);
                Compiled infinite = compiled(PositionedEncoder.guarded(), 2)) {
            assertSame(infinite, finite, withLastRowMasked(infinite.batch(ROWS, LENGTH)));
        }
    }

    @Test
    void virtualTokensMoveThePositionsOfRealOnes() {
        try (Compiled moved = compiled(PositionedEncoder.apart(), 3);
                Compiled startingAt = compiled(PositionedEncoder.startingAt(3), 0)) {
            assertSame(moved, startingAt, moved.batch(ROWS, LENGTH));
        }
    }

    @Test
    void virtualTokensWithoutPositionsForThemAreRefused() {
        assertThatThrownBy(
                        () ->
                                compiled(PositionedEncoder.apart(), PositionedEncoder.POSITIONS)
                                        .close())
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SETTINGS_INVALID))
                .hasMessageContaining("num_virtual_tokens");
    }

    private static Batch withLastRowMasked(Batch batch) {
        long[] mask = new long[ROWS * LENGTH];
        Arrays.fill(mask, 0, (ROWS - 1) * LENGTH, 1);
        Map<String, Tensor> feeds = new HashMap<>(batch.feeds());
        feeds.put("attention_mask", Tensor.longs(mask, ROWS, LENGTH));
        return new Batch(feeds, ROWS, LENGTH);
    }

    /** Logits and gradients of both executions of one are those of the other's fused one. */
    private static void assertSame(Compiled one, Compiled other, Batch batch) {
        float[] logits = other.fused.logits(batch, other.parameters).toFloats();
        Map<String, float[]> gradients = other.gradients(other.fused, batch, 1);
        for (Program program : List.of(one.fused, one.split)) {
            String as = program.getClass().getSimpleName();
            assertThat(program.logits(batch, one.parameters).toFloats())
                    .as(as)
                    .containsExactly(logits, within(1e-5f));
            Compiled.assertClose(as, one.gradients(program, batch, 1), gradients);
        }
    }

    private Compiled compiled(Graph graph, int tokens) {
        return Compiled.of(
                graph,
                cache,
                backbone -> {
                    Site site = backbone.anatomy().attentions().get(0).site();
                    return PeftPlan.of(
                                    List.of(
                                            new PeftPlan.Attachment(
                                                    site, TestModule.prefix(site, 2))))
                            .withVirtualTokens(VirtualTokens.inAttention(tokens));
                },
                Compiled.head(Pooling.FIRST));
    }
}
