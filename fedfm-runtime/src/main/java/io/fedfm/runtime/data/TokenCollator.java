package io.fedfm.runtime.data;

import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.program.Batch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongBiFunction;

/**
 * Makes batches: rows padded on the right to the longest of them; int64 inputs [rows, length].
 *
 * <p>For classification of rows, labels are [rows]; for that of tokens, [rows, length]. For
 * language modelling they are [rows, length] and <b>not shifted</b>: the label of position t is the
 * token at t, and that of padding {@link Batch#IGNORED}; the objective knows which position
 * predicts it.
 */
public final class TokenCollator implements Collator {
    private final InputNames names;
    private final Task task;
    private final long padding;

    /** Makes batches for a backbone and a task; {@code padding} is the id of the padding token. */
    public TokenCollator(InputNames names, Task task, long padding) {
        this.names = names;
        this.task = task;
        this.padding = padding;
    }

    @Override
    public Batch collate(List<Row> batch) {
        if (batch.isEmpty()) {
            throw new IllegalArgumentException("a batch of no rows");
        }
        List<TokenRow> rows = batch.stream().map(TokenRow.class::cast).toList();
        int length = rows.stream().mapToInt(TokenRow::length).max().orElseThrow();
        Map<String, Tensor> feeds = new HashMap<>();
        put(feeds, names.tokens(), rows, length, (row, t) -> row.tokens()[t], padding);
        put(feeds, names.mask(), rows, length, (row, t) -> 1, 0);
        put(feeds, names.types(), rows, length, (row, t) -> row.types()[t], 0);
        if (!names.positions().isEmpty()) {
            feeds.put(names.positions(), positions(rows.size(), length));
        }
        if (task == Task.SEQ_CLS) {
            feeds.put(
                    Batch.LABELS,
                    Tensor.longs(rows.stream().mapToLong(TokenRow::label).toArray(), rows.size()));
        } else {
            put(feeds, Batch.LABELS, rows, length, TokenCollator::target, Batch.IGNORED);
        }
        feeds.put(
                Batch.TASK,
                Tensor.longs(rows.stream().mapToLong(TokenRow::task).toArray(), rows.size()));
        return new Batch(feeds, rows.size(), length);
    }

    private static long target(TokenRow row, int position) {
        return row.targets().length == 0 ? row.tokens()[position] : row.targets()[position];
    }

    private static Tensor positions(int rows, int length) {
        long[] values = new long[rows * length];
        Arrays.setAll(values, i -> i % length);
        return Tensor.longs(values, rows, length);
    }

    private static void put(
            Map<String, Tensor> feeds,
            String name,
            List<TokenRow> rows,
            int length,
            ToLongBiFunction<TokenRow, Integer> value,
            long padding) {
        if (name.isEmpty()) {
            return;
        }
        long[] values = new long[rows.size() * length];
        Arrays.fill(values, padding);
        for (int r = 0; r < rows.size(); r++) {
            TokenRow row = rows.get(r);
            for (int t = 0; t < row.length(); t++) {
                values[r * length + t] = value.applyAsLong(row, t);
            }
        }
        feeds.put(name, Tensor.longs(values, rows.size(), length));
    }
}
