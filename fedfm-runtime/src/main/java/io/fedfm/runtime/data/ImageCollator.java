package io.fedfm.runtime.data;

import io.fedfm.runtime.data.image.ImageSize;
import io.fedfm.runtime.data.image.Normalisation;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.program.Batch;
import java.util.List;
import java.util.Map;

/**
 * Makes batches of images: float32 pixels [rows, 3, height, width], normalised, and int64 labels
 * and tasks [rows].
 */
final class ImageCollator implements Collator {
    private final PixelInput input;
    private final Normalisation normalisation;

    ImageCollator(PixelInput input, Normalisation normalisation) {
        this.input = input;
        this.normalisation = normalisation;
    }

    @Override
    public Batch collate(List<Row> rows) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("a batch of no rows");
        }
        ImageSize size = input.size();
        float[] pixels = new float[rows.size() * Normalisation.CHANNELS * size.pixels()];
        for (int r = 0; r < rows.size(); r++) {
            ImageRow row = (ImageRow) rows.get(r);
            normalisation.write(
                    row.pixels().get(), pixels, r * Normalisation.CHANNELS * size.pixels());
        }
        long[] labels = rows.stream().mapToLong(Row::label).toArray();
        return new Batch(
                Map.of(
                        input.name(),
                        Tensor.floats(
                                pixels,
                                rows.size(),
                                Normalisation.CHANNELS,
                                size.height(),
                                size.width()),
                        Batch.LABELS,
                        Tensor.longs(labels, rows.size()),
                        Batch.TASK,
                        Tensor.longs(new long[rows.size()], rows.size())),
                rows.size(),
                1);
    }
}
