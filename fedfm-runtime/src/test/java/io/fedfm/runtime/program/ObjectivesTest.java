package io.fedfm.runtime.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.objective.Pooling;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients behind every way to pool, with a module at the last hidden state too. */
final class ObjectivesTest {
    private static final Function<Site, PeftModule> AFFINE = site -> TestModule.affine(site, "");

    @TempDir Path cache;

    static Stream<Arguments> poolings() {
        return Stream.of(
                Arguments.of(Pooling.MEAN, TinyEncoder.plain()),
                Arguments.of(Pooling.MEAN, TinyEncoder.unmasked()),
                Arguments.of(Pooling.FIRST, TinyEncoder.plain()),
                Arguments.of(Pooling.LAST, TinyEncoder.plain()),
                Arguments.of(Pooling.LAST, TinyEncoder.unmasked()),
                Arguments.of(Pooling.POOLER, TinyEncoder.pooled()));
    }

    @ParameterizedTest
    @MethodSource("poolings")
    void modulesUpToTheLastHiddenStateAreTrained(Pooling pooling, Graph graph) {
        try (Compiled compiled =
                Compiled.of(
                        graph,
                        cache,
                        Compiled.at(AFFINE, "attention_norm", "ffn_norm"),
                        Compiled.head(pooling))) {
            Batch batch = compiled.batch(3, 6);
            compiled.assertAgree(batch);
            compiled.gradients(compiled.fused, batch, 0)
                    .forEach(
                            (name, gradient) ->
                                    assertThat(Compiled.distance(gradient, null))
                                            .as(name)
                                            .isGreaterThan(1e-6));
        }
    }
}
