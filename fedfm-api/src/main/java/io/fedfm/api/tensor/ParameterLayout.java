package io.fedfm.api.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Where each named tensor stands in a flat vector: names, shapes and offsets, in order. */
public final class ParameterLayout {
    /**
     * One tensor of the vector.
     *
     * @param name unique in the layout
     * @param shape its dimensions
     * @param offset the index of its first element
     */
    public record Entry(String name, List<Long> shape, long offset) {
        /** Copies the shape. */
        public Entry {
            shape = List.copyOf(shape);
        }

        /** The number of elements. */
        public long size() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }

        /** The dimensions as an array. */
        public long[] dimensions() {
            return shape.stream().mapToLong(Long::longValue).toArray();
        }
    }

    private final Map<String, Entry> entries;
    private final long size;

    private ParameterLayout(Map<String, Entry> entries, long size) {
        this.entries = entries;
        this.size = size;
    }

    /**
     * Lays tensors out one after the other in the map's order.
     *
     * @param shapes names and dimensions, in order
     */
    public static ParameterLayout of(Map<String, long[]> shapes) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        long offset = 0;
        for (Map.Entry<String, long[]> shape : shapes.entrySet()) {
            if (Arrays.stream(shape.getValue()).anyMatch(d -> d < 1)) {
                throw new IllegalArgumentException(
                        "'"
                                + shape.getKey()
                                + "' has a dimension below 1: "
                                + Arrays.toString(shape.getValue()));
            }
            Entry entry =
                    new Entry(
                            shape.getKey(),
                            LongStream.of(shape.getValue()).boxed().toList(),
                            offset);
            entries.put(entry.name(), entry);
            offset = Math.addExact(offset, entry.size());
        }
        return new ParameterLayout(entries, offset);
    }

    /** The tensors, in order. */
    public List<Entry> entries() {
        return new ArrayList<>(entries.values());
    }

    /** The tensor of this name. */
    public Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(
                    "no parameter '" + name + "' among " + entries.keySet());
        }
        return entry;
    }

    /** The number of elements of the whole vector. */
    public long size() {
        return size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ParameterLayout layout && layout.entries().equals(entries());
    }

    @Override
    public int hashCode() {
        return entries().hashCode();
    }

    @Override
    public String toString() {
        return "ParameterLayout" + entries.values();
    }
}
