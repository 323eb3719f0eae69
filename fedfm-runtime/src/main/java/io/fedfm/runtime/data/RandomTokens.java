package io.fedfm.runtime.data;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The reference workload's rows: uniformly random tokens with uniformly random labels. */
final class RandomTokens {
    private RandomTokens() {}

    static List<Row> rows(
            long count, int length, int vocabulary, int labels, RandomGenerator random) {
        List<Row> rows = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            int[] tokens = random.ints(length, 0, vocabulary).toArray();
            rows.add(TokenRow.of(tokens, random.nextInt(labels)));
        }
        return rows;
    }
}
