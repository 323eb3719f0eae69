package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the look-up of the word embeddings: of the tables that an input of the graph indexes as it
 * is, the one indexed by {@code input_ids}, or else the longest.
 */
final class EmbeddingFinder {
    /** What exporters call the input of token ids. */
    private static final String TOKEN_IDS = "input_ids";

    private final Walk walk;

    EmbeddingFinder(Walk walk) {
        this.walk = walk;
    }

    /** The Gather of the word embeddings; empty for a graph without token ids. */
    Optional<Node> find() {
        List<Node> lookUps =
                walk.graph().nodes().stream()
                        .filter(walk::looksUp)
                        .filter(node -> walk.graph().inputs().containsKey(ids(node)))
                        .toList();
        Comparator<Node> byRows = Comparator.comparing(node -> walk.dimensions(node.input(0))[0]);
        return lookUps.stream()
                .filter(node -> ids(node).equals(TOKEN_IDS))
                .findFirst()
                .or(() -> lookUps.stream().max(byRows));
    }

    /** The value of token ids behind a look-up. */
    String ids(Node lookUp) {
        return walk.beforeShapes(lookUp.input(1));
    }
}
