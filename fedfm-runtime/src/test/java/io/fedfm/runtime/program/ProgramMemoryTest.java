package io.fedfm.runtime.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that a step makes stays, whether it ends well or not. */
final class ProgramMemoryTest {
    @TempDir Path cache;

    @Test
    void stepsLeaveNothing() {
        try (Compiled compiled = lowRank()) {
            Batch batch = compiled.batch(3, 5);
            compiled.gradients(compiled.split, batch, 0);
            long peak = compiled.tensors.getPeakMemoryAllocation();
            assertThat(peak).isPositive();
            for (int i = 0; i < 3; i++) {
                compiled.gradients(compiled.split, batch, i);
                compiled.split.evaluate(batch, compiled.parameters);
                compiled.split.logits(batch, compiled.parameters);
                assertThat(compiled.tensors.getAllocatedMemory()).isZero();
            }
            assertThat(compiled.tensors.getPeakMemoryAllocation()).isEqualTo(peak);
        }
    }

    @Test
    void stepsThatFailBeforeTheFirstModuleLeaveNothing() {
        try (Compiled compiled = lowRank()) {
            Batch batch = TinyBatch.without(compiled.batch(3, 5), "input_ids");
            assertThatThrownBy(() -> compiled.gradients(compiled.split, batch, 0))
                    .isInstanceOf(FedFmException.class);
            assertThat(compiled.tensors.getAllocatedMemory()).isZero();
        }
    }

    @Test
    void stepsThatFailAfterTheLastModuleLeaveNothing() {
        try (Compiled compiled = lowRank()) {
            Batch batch = withLabel(compiled.batch(3, 5), TinyEncoder.CLASSES + 4);
            for (Program program : new Program[] {compiled.split, compiled.fused}) {
                assertThatThrownBy(() -> compiled.gradients(program, batch, 0))
                        .isInstanceOfSatisfying(
                                FedFmException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.RUN_FAILED));
            }
            assertThat(compiled.tensors.getAllocatedMemory()).isZero();
            // And the program still works.
            Batch good = compiled.batch(3, 5);
            Compiled.assertClose(
                    "split",
                    compiled.gradients(compiled.split, good, 1),
                    compiled.gradients(compiled.fused, good, 1));
        }
    }

    @Test
    void modulesThatFailLeaveNothing() {
        try (Compiled compiled =
                Compiled.of(
                        TinyEncoder.plain(),
                        cache,
                        Compiled.at(site -> TestModule.failing("no such luck"), "q", "up"))) {
            Batch batch = compiled.batch(3, 5);
            assertThatThrownBy(() -> compiled.gradients(compiled.split, batch, 0))
                    .hasMessageContaining("no such luck");
            assertThat(compiled.tensors.getAllocatedMemory()).isZero();
        }
    }

    private Compiled lowRank() {
        return Compiled.of(
                TinyEncoder.plain(),
                cache,
                Compiled.at(site -> TestModule.lowRank(site, 0.1), "q", "v", "up"));
    }

    private static Batch withLabel(Batch batch, long label) {
        long[] labels = new long[batch.rows()];
        Arrays.fill(labels, label);
        Map<String, Tensor> feeds = new HashMap<>(batch.feeds());
        feeds.put(Batch.LABELS, Tensor.longs(labels, batch.rows()));
        return new Batch(feeds, batch.rows(), batch.length());
    }
}
