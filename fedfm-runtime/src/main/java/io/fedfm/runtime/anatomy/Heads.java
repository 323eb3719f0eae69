package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Shapes;

/**
 * Counts the heads of an attention: an axis of its scores, queries and keys, or, where batch and
 * heads are one axis (as for {@code bmm}), of the value they were made from.
 */
final class Heads {
    private final Walk walk;
    private final Reach reach;

    Heads(Walk walk, Reach reach) {
        this.walk = walk;
        this.reach = reach;
    }

    /** The query heads; 0 where the structure does not tell. */
    long queries(Scores scores) {
        long heads = axis(scores.scores());
        return heads > 0 ? heads : apart(scores.query());
    }

    /**
     * The key and value heads: those of the keys in the product, before each was repeated for the
     * query heads that share it; 0 where the structure does not tell.
     */
    long keys(Scores scores) {
        long heads = axis(scores.key());
        long all = heads > 0 ? heads : queries(scores);
        long copies = 1;
        for (String value : reach.back(scores.key()).values()) {
            copies *= copies(walk.producer(value));
        }
        return all % copies == 0 ? all / copies : 0;
    }

    /** Of [batch, heads, length, size] or [batch, heads, length, length]. */
    private long axis(String value) {
        long[] dimensions = walk.dimensions(value);
        return dimensions.length == 4 && dimensions[1] != Shapes.VARIES ? dimensions[1] : 0;
    }

    /** Of [batch x heads, length, size], which is a reshape of a value of four axes, scaled. */
    private long apart(String value) {
        String current = value;
        while (walk.rank(current) < 4) {
            Node node = walk.producer(current);
            if (node == null || walk.streamInputs(node).size() != 1) {
                return 0;
            }
            current = walk.streamInputs(node).get(0);
        }
        return axis(current);
    }

    /** How many times Expand or Tile writes each element, along axes that do not vary. */
    private long copies(Node node) {
        if (node == null
                || !node.is("Expand") && !node.is("Tile")
                || reach.back(node.input(0)).layers().isEmpty()) {
            // Rotary angles may be looked up and repeated too.
            return 1;
        }
        long[] from = walk.dimensions(node.input(0));
        long[] to = walk.dimensions(node.output());
        long copies = 1;
        for (int i = 1; i <= to.length; i++) {
            long before = i <= from.length ? from[from.length - i] : 1;
            long after = to[to.length - i];
            if (before != Shapes.VARIES && after != Shapes.VARIES) {
                copies *= after / before;
            }
        }
        return copies;
    }
}
