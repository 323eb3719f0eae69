package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Shapes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The cotangents (gradients) of a graph's values as they grow in a reverse pass. */
public final class Cotangents {
    private final GraphBuilder builder;
    private final Shapes shapes;
    private final Set<String> needed;
    private final Map<String, String> sums = new HashMap<>();

    /**
     * No cotangents yet.
     *
     * @param builder where nodes are appended
     * @param shapes of the forward values
     * @param needed the values whose cotangent anybody wants
     */
    public Cotangents(GraphBuilder builder, Shapes shapes, Set<String> needed) {
        this.builder = builder;
        this.shapes = shapes;
        this.needed = Set.copyOf(needed);
    }

    /** Where nodes are appended. */
    public GraphBuilder builder() {
        return builder;
    }

    /** The shapes of forward values. */
    public Shapes shapes() {
        return shapes;
    }

    /** Whether the cotangent of this forward value is wanted. */
    public boolean needs(String value) {
        return needed.contains(value);
    }

    /** Whether the value has a cotangent. */
    public boolean has(String value) {
        return sums.containsKey(value);
    }

    /** The cotangent of a forward value. */
    public String of(String value) {
        return sums.get(value);
    }

    /** Adds to the cotangent of a forward value; the contribution has the value's shape. */
    public void contribute(String value, String cotangent) {
        sums.merge(value, cotangent, (sum, more) -> builder.op("Add", sum, more));
    }
}
