package io.fedfm.runtime.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** Which rows share a batch. */
public final class Batches {
    private Batches() {}

    /** The rows in random order, {@code size} at a time; the last batch may be smaller. */
    public static List<List<Row>> shuffled(List<Row> rows, int size, RandomGenerator random) {
        List<Row> order = new ArrayList<>(rows);
        Shuffle.shuffle(order, random);
        return cut(order, size);
    }

    /** Rows of like length together, so that little is padding; always the same batches. */
    public static List<List<Row>> byLength(List<Row> rows, int size) {
        return cut(rows.stream().sorted(Comparator.comparingInt(Row::length)).toList(), size);
    }

    private static List<List<Row>> cut(List<Row> rows, int size) {
        List<List<Row>> batches = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += size) {
            batches.add(rows.subList(from, Math.min(rows.size(), from + size)));
        }
        return batches;
    }
}
