package io.fedfm.runtime.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The shapes of a graph's values, seen at several pairs of batch size and length.
 *
 * <p>The probes use different batch sizes and lengths above 1, so that an axis of 1 in all of them
 * is 1 always, and an axis that differs between them varies.
 */
public final class Shapes {
    /** A dimension that varies with the batch or the length. */
    public static final long VARIES = -1;

    private final Map<String, List<long[]>> observed;
    private final Map<String, ElementType> types;

    /**
     * Shapes as observed.
     *
     * @param observed for each value its shape in each probe; the same rank in all
     * @param types the element type of each value
     */
    public Shapes(Map<String, List<long[]>> observed, Map<String, ElementType> types) {
        this.observed = Map.copyOf(observed);
        this.types = Map.copyOf(types);
    }

    /** These, and values that have the shape and type of others. */
    public Shapes withAliases(Map<String, String> aliases) {
        Map<String, List<long[]>> shapes = new HashMap<>(observed);
        Map<String, ElementType> elements = new HashMap<>(types);
        Map<String, String> left = new HashMap<>(aliases);
        while (!left.isEmpty()) {
            // An alias may stand for another one.
            boolean resolved =
                    left.entrySet()
                            .removeIf(
                                    alias -> {
                                        boolean known = shapes.containsKey(alias.getValue());
                                        if (known) {
                                            shapes.put(
                                                    alias.getKey(), shapes.get(alias.getValue()));
                                            elements.put(
                                                    alias.getKey(), elements.get(alias.getValue()));
                                        }
                                        return known;
                                    });
            if (!resolved) {
                throw new IllegalArgumentException("no shape is known for " + left);
            }
        }
        return new Shapes(shapes, elements);
    }

    /** Whether the value was observed. */
    public boolean has(String value) {
        return observed.containsKey(value);
    }

    /** The element type. */
    public ElementType type(String value) {
        return types.get(value);
    }

    /** The number of axes. */
    public int rank(String value) {
        return observed(value).get(0).length;
    }

    /** The dimensions; {@link #VARIES} where probes differ. */
    public long[] dimensions(String value) {
        List<long[]> shapes = observed(value);
        long[] result = shapes.get(0).clone();
        for (long[] shape : shapes) {
            for (int i = 0; i < result.length; i++) {
                if (shape[i] != result[i]) {
                    result[i] = VARIES;
                }
            }
        }
        return result;
    }

    /** The shape in each probe. */
    public List<long[]> observed(String value) {
        List<long[]> shapes = observed.get(value);
        if (shapes == null) {
            throw new IllegalArgumentException("no shape is known for value '" + value + "'");
        }
        return shapes;
    }
}
