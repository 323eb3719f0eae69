package io.fedfm.runtime.anatomy;

import java.util.Map;
import java.util.Set;

/**
 * The linear layers of an attention; null where the structure does not tell.
 *
 * @param q of the queries
 * @param k of the keys
 * @param v of the values
 * @param o of the context
 * @param ways for {@code q}, {@code k} and {@code v} the values between the layer and the product
 */
record Projections(
        LinearLayer q, LinearLayer k, LinearLayer v, LinearLayer o, Map<String, Set<String>> ways) {
    /** Whether one layer makes queries, keys and values. */
    boolean packed() {
        return q != null && q.equals(k) && q.equals(v);
    }

    /** Whether the layer is one of these. */
    boolean has(LinearLayer layer) {
        return layer.equals(q) || layer.equals(k) || layer.equals(v) || layer.equals(o);
    }
}
