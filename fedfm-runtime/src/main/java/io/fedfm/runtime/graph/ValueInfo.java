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
    private static final List<String> UNKNOWN = List.of("...");

    /** Copies the dimensions. */
    public ValueInfo {
        dimensions = List.copyOf(dimensions);
    }

    /** An input of which not even the number of axes is known. */
    public static ValueInfo unknownShape(String name, ElementType type) {
        return new ValueInfo(name, type, UNKNOWN);
    }

    /** Whether the number of axes is known. */
    public boolean hasShape() {
        return !dimensions.equals(UNKNOWN);
    }

    /** An input with the given dimensions. */
    public static ValueInfo of(String name, ElementType type, String... dimensions) {
        return new ValueInfo(name, type, List.of(dimensions));
    }
}
