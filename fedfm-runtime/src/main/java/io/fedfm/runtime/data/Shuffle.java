package io.fedfm.runtime.data;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Fisher and Yates's shuffle from a given generator. */
final class Shuffle {
    private Shuffle() {}

    static <T> void shuffle(List<T> items, RandomGenerator random) {
        for (int i = items.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            T item = items.get(i);
            items.set(i, items.get(other));
            items.set(other, item);
        }
    }

    static void shuffle(int[] items, RandomGenerator random) {
        for (int i = items.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int item = items[i];
            items[i] = items[other];
            items[other] = item;
        }
    }

    /** The numbers from 0 to {@code count - 1} in random order. */
    static int[] order(int count, RandomGenerator random) {
        int[] order = IntStream.range(0, count).toArray();
        shuffle(order, random);
        return order;
    }
}
