package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;

/**
 * An attention as it stands in the graph, before its projections are known.
 *
 * @param softmax the Softmax node
 * @param scores the value that enters the softmax
 * @param query the value q of the product q k^T
 * @param key the value k of it
 * @param value the value v that the softmax is multiplied by
 * @param context the product with v
 * @param scale what q times an unscaled k is multiplied by on its way to the scores: the factors on
 *     k, and those between product and softmax; NaN if they are no constants
 */
record Scores(
        Node softmax,
        String scores,
        String query,
        String key,
        String value,
        String context,
        double scale) {}
