package io.fedfm.runtime.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches of any size, and broken ones. */
final class BatchesTest {
    @TempDir Path cache;

    private Compiled compiled;

    @BeforeEach
    void compile() {
        compiled =
                Compiled.of(
                        TinyEncoder.plain(),
                        cache,
                        Compiled.at(site -> TestModule.lowRank(site, 0), "q", "up"));
    }

    @AfterEach
    void close() {
        compiled.close();
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,6", "2,1", "5,3", "3,17"})
    void ofAnySize(int rows, int length) {
        compiled.assertAgree(compiled.batch(rows, length));
    }

    @Test
    void ignoredLabelsDoNotCount() {
        long[] labels = {1, Batch.IGNORED, 2};
        Batch some = TinyBatch.of(compiled.backbone.graph(), 3, 5, labels);
        compiled.assertAgree(some);
        for (Program program : List.of(compiled.fused, compiled.split)) {
            Outcome outcome = program.evaluate(some, compiled.parameters);
            assertThat(outcome.labels()).isEqualTo(2);
            assertThat(outcome.correct()).isBetween(0L, 2L);
            float[] logits = program.logits(some, compiled.parameters).toFloats();
            assertThat(outcome.loss())
                    .isCloseTo((nll(logits, 0, 1) + nll(logits, 2, 2)) / 2, within(1e-5));
        }
    }

    /** {@code -log softmax(logits of the row)[label]}. */
    private static double nll(float[] logits, int row, int label) {
        double sum = 0;
        for (int i = 0; i < TinyEncoder.CLASSES; i++) {
            sum += Math.exp(logits[row * TinyEncoder.CLASSES + i]);
        }
        return Math.log(sum) - logits[row * TinyEncoder.CLASSES + label];
    }

    @Test
    void withoutAnyLabelThereIsNoLossAndNoGradient() {
        long[] labels = {Batch.IGNORED, Batch.IGNORED};
        Batch none = TinyBatch.of(compiled.backbone.graph(), 2, 5, labels);
        for (Program program : List.of(compiled.fused, compiled.split)) {
            assertThat(program.evaluate(none, compiled.parameters)).isEqualTo(new Outcome(0, 0, 0));
            Map<String, float[]> gradients = compiled.gradients(program, none, 0);
            gradients.values().forEach(values -> assertThat(values).containsOnly(0f));
        }
    }

    @Test
    void aMissingInputIsNamed() {
        Batch batch = TinyBatch.without(compiled.batch(2, 5), "attention_mask");
        for (Program program : List.of(compiled.fused, compiled.split)) {
            assertThatThrownBy(() -> compiled.gradients(program, batch, 0))
                    .isInstanceOfSatisfying(
                            FedFmException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED))
                    .hasMessageContaining("[attention_mask]");
            assertThatThrownBy(() -> program.evaluate(batch, compiled.parameters))
                    .isInstanceOf(FedFmException.class);
        }
    }
}
