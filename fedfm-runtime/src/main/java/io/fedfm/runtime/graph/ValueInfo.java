package io.fedfm.runtime.graph;

import java.util.List;

/**
 * What a graph declares of an input.
 *
 * @param name of the value
 * @param type of its elements
 * @param dimensions each a number, or a symbol ("batch"), or "" where nothing is declared
 */
public record ValueInfo(String name, ElementType type, List<String> dimensions) {
    /** Copies the dimensions. */
    public ValueInfo {
        dimensions = List.copyOf(dimensions);
    }

    /** An input with the given dimensions. */
    public static ValueInfo of(String name, ElementType type, String... dimensions) {
        return new ValueInfo(name, type, List.of(dimensions));
    }
}
