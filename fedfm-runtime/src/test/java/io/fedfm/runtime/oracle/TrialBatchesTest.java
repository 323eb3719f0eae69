package io.fedfm.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.FrozenBackbone;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrialBatchesTest {
    private static final Path EXPORTS = Path.of("../fedfm-dist/src/test/resources/exports");

    @TempDir private Path cache;

    @Test
    void rowsAreSeveralOfTwoLengthsAndTheLastIsPadded() {
        List<Batch> batches = batches("bert-torchscript-eager.onnx");

        assertThat(batches).extracting(Batch::rows).containsExactly(3, 2);
        assertThat(batches).extracting(Batch::length).doesNotHaveDuplicates();
        for (Batch batch : batches) {
            long[] mask = batch.feeds().get("attention_mask").toLongs();
            assertThat(mask[batch.length() - 1]).isOne();
            assertThat(mask[mask.length - 1]).isZero();
            assertThat(batch.feeds().get(Batch.LABELS).shape()).containsExactly(batch.rows());
        }
    }

    @Test
    void tokensThatArePaddedDoNotCount() {
        Batch batch = batches("gpt2-torchscript-sdpa.onnx").get(0);
        Tensor labels = batch.feeds().get(Batch.LABELS);
        long[] mask = batch.feeds().get("attention_mask").toLongs();

        assertThat(labels.shape()).containsExactly(3, 9);
        long[] values = labels.toLongs();
        for (int i = 0; i < values.length; i++) {
            boolean counts = mask[i] == 1;
            assertThat(values[i] != Batch.IGNORED).as("label %d", i).isEqualTo(counts);
        }
        assertThat(Arrays.stream(values).max().orElseThrow()).isBetween(1L, 95L);
    }

    @Test
    void imagesHaveALabelEach() {
        for (Batch batch : batches("vit-torchscript-sdpa.onnx")) {
            assertThat(batch.feeds().get("pixel_values").shape()[0]).isEqualTo(batch.rows());
            assertThat(batch.feeds().get(Batch.LABELS).shape()).containsExactly(batch.rows());
        }
    }

    private List<Batch> batches(String file) {
        try (FrozenBackbone backbone =
                FrozenBackbone.of(OnnxReader.read(EXPORTS.resolve(file)), cache)) {
            return TrialBatches.of(backbone.graph(), backbone.outputs(), 64, 0, new Random(1));
        }
    }
}
