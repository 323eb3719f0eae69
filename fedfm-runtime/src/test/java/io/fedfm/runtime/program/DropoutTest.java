package io.fedfm.runtime.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.peft.PeftPlan;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DropoutTest {
    @TempDir Path cache;

    private Compiled compiled;
    private Batch batch;

    @BeforeEach
    void compile() {
        compiled = Compiled.of(TinyEncoder.plain(), cache, plan(0.5));
        batch = compiled.batch(3, 5);
    }

    @AfterEach
    void close() {
        compiled.close();
    }

    private static Function<FrozenBackbone, PeftPlan> plan(double dropout) {
        return Compiled.at(site -> TestModule.lowRank(site, dropout), "v", "down");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 2147483646L, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE})
    void masksAreTheSameInBothExecutions(long seed) {
        Compiled.assertClose(
                "split",
                compiled.gradients(compiled.split, batch, seed),
                compiled.gradients(compiled.fused, batch, seed));
    }

    @Test
    void masksFollowTheSeed() {
        for (Program program : new Program[] {compiled.fused, compiled.split}) {
            Map<String, float[]> first = compiled.gradients(program, batch, 1);
            Map<String, float[]> again = compiled.gradients(program, batch, 1);
            Map<String, float[]> other = compiled.gradients(program, batch, 2);
            first.forEach(
                    (name, values) -> {
                        assertThat(again.get(name)).as(name).containsExactly(values);
                        assertThat(other.get(name)).as(name).isNotEqualTo(values);
                    });
        }
    }

    @Test
    void evaluationDropsNothing() {
        try (Compiled without = Compiled.of(TinyEncoder.plain(), cache, plan(0))) {
            float[] expected = without.fused.logits(batch, without.parameters).toFloats();
            assertThat(compiled.fused.logits(batch, compiled.parameters).toFloats())
                    .containsExactly(expected);
            assertThat(compiled.split.evaluate(batch, compiled.parameters))
                    .isEqualTo(without.split.evaluate(batch, without.parameters));
        }
    }
}
