package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Walks back along the stream as far as the nearest linear layers. */
final class Reach {
    private final Walk walk;
    private final Map<String, LinearLayer> layers = new HashMap<>();

    Reach(Walk walk, Collection<LinearLayer> layers) {
        this.walk = walk;
        layers.forEach(layer -> this.layers.put(layer.output(), layer));
    }

    /**
     * What lies behind a value, up to the nearest linear layers.
     *
     * @param values the values on the way, the outputs of the layers included
     * @param layers the linear layers where the walk ended
     */
    record Back(Set<String> values, Set<LinearLayer> layers) {
        /** The one layer where the walk ended; null if it ended at several, or at none. */
        LinearLayer only() {
            return layers.size() == 1 ? layers.iterator().next() : null;
        }
    }

    /** Walks back from the value. */
    Back back(String value) {
        Set<String> seen = new HashSet<>();
        Set<LinearLayer> ends = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(value));
        while (!open.isEmpty()) {
            String current = open.pop();
            if (!seen.add(current)) {
                continue;
            }
            LinearLayer layer = layers.get(current);
            Node node = walk.producer(current);
            if (layer != null) {
                ends.add(layer);
            } else if (node != null) {
                open.addAll(walk.streamInputs(node));
            }
        }
        return new Back(seen, ends);
    }
}
