package io.fedfm.runtime.program;

import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Batches for {@link TinyEncoder}, their last row padded on the right. */
final class TinyBatch {
    private TinyBatch() {}

    static Batch of(Graph graph, int rows, int length) {
        Random random = new Random(100L * rows + length);
        long[] labels = random.longs(rows, 0, TinyEncoder.CLASSES).toArray();
        return of(graph, rows, length, labels);
    }

    static Batch of(Graph graph, int rows, int length, long... labels) {
        Random random = new Random(31L * rows + length);
        long[] ids = random.longs((long) rows * length, 0, TinyEncoder.WORDS).toArray();
        long[] mask = new long[rows * length];
        for (int i = 0; i < mask.length; i++) {
            boolean padding = i / length == rows - 1 && i % length >= (length + 1) / 2;
            mask[i] = padding ? 0 : 1;
        }
        Map<String, Tensor> feeds = new HashMap<>();
        feeds.put("input_ids", Tensor.longs(ids, rows, length));
        if (graph.inputs().containsKey("attention_mask")) {
            feeds.put("attention_mask", Tensor.longs(mask, rows, length));
        }
        feeds.put(Batch.LABELS, Tensor.longs(labels, rows));
        return new Batch(feeds, rows, length);
    }

    /** The same batch without one of its inputs. */
    static Batch without(Batch batch, String input) {
        Map<String, Tensor> feeds = new HashMap<>(batch.feeds());
        feeds.remove(input);
        return new Batch(feeds, batch.rows(), batch.length());
    }
}
