package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Finds normalisations: single operators here, spelt-out ones with {@link SpeltOutNorms}. */
final class NormFinder {
    private static final Set<String> BY_ROW = Set.of("LayerNormalization", "RMSNormalization");

    private final Walk walk;

    NormFinder(Walk walk) {
        this.walk = walk;
    }

    /** The normalisations on the stream, in the order of the graph. */
    List<Norm> find() {
        List<Norm> norms = new ArrayList<>();
        SpeltOutNorms speltOut = new SpeltOutNorms(walk);
        for (Node node : walk.graph().nodes()) {
            if (!node.domain().isEmpty() || !walk.isStream(node.input(0))) {
                continue;
            }
            if (BY_ROW.contains(node.op())) {
                String input = walk.beforeCasts(node.input(0));
                norms.add(new Norm(input, node.output(), node, node.input(1), node.input(2)));
            } else if (node.is("BatchNormalization")) {
                norms.add(byChannel(node));
            } else if (node.is("Sqrt")) {
                speltOut.of(node).ifPresent(norms::add);
            }
        }
        return norms;
    }

    /** With the transposes that bring the hidden axis to the front and back again. */
    private Norm byChannel(Node node) {
        Node before = walk.producer(node.input(0));
        Node after = walk.onlyConsumer(node.output());
        boolean transposed =
                before != null
                        && after != null
                        && before.is("Transpose")
                        && after.is("Transpose")
                        && areInverse(
                                before.attributes().integers("perm"),
                                after.attributes().integers("perm"));
        String input = transposed ? before.input(0) : node.input(0);
        Node last = transposed ? after : node;
        return new Norm(walk.beforeCasts(input), last.output(), last, node.input(1), node.input(2));
    }

    private static boolean areInverse(long[] one, long[] other) {
        if (one == null || other == null || one.length != other.length) {
            return Arrays.equals(one, other);
        }
        for (int i = 0; i < one.length; i++) {
            if (other[(int) one[i]] != i) {
                return false;
            }
        }
        return true;
    }
}
