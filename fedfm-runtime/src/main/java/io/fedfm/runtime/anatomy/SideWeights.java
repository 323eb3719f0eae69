package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Weights that come to the stream from aside, through a computation of their own: tables of
 * relative positions with their norm and projections, tables that are looked up by constants.
 *
 * <p>Nothing in a graph tells a learned tensor from a computed one. What is as wide as the hidden
 * states in some dimension counts as learned; frequencies and tables of rotary positions and slopes
 * of linear biases are not, and masks, which can be, hold numbers that no weight has.
 */
final class SideWeights {
    /** Frequencies of angles end here, and pictures of position tables, which have no gradient. */
    private static final Set<String> ENDS = Set.of("Cos", "Sin", "Resize");

    private static final float LARGEST = 1e4f;

    private final Walk walk;
    private final long width;

    /** Of states of this width. */
    SideWeights(Walk walk, long width) {
        this.walk = walk;
        this.width = width;
    }

    /** Names beside those known, in the order of the graph's initializers. */
    List<String> find(Set<String> known) {
        return walk.graph().initializers().keySet().stream()
                .filter(name -> !known.contains(name))
                .filter(this::isCandidate)
                .filter(this::meetsTheStream)
                .filter(name -> isLearned(walk.graph().initializers().get(name)))
                .toList();
    }

    private boolean isCandidate(String name) {
        Tensor tensor = walk.graph().initializers().get(name);
        return tensor.type() == ElementType.FLOAT
                && tensor.size() > 1
                && Arrays.stream(tensor.shape()).anyMatch(dimension -> dimension == width)
                && !walk.isQuantised(name);
    }

    private boolean meetsTheStream(String name) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(name));
        while (!open.isEmpty()) {
            String value = open.pop();
            if (walk.isStream(value)) {
                return true;
            }
            for (Node node : walk.consumers(value)) {
                if (!ENDS.contains(node.op())) {
                    node.outputs().stream()
                            .filter(output -> walk.type(output) == ElementType.FLOAT)
                            .filter(seen::add)
                            .forEach(open::push);
                }
            }
        }
        return false;
    }

    private static boolean isLearned(Tensor tensor) {
        for (float value : tensor.toFloats()) {
            // Not so of what is no number, either.
            if (!(Math.abs(value) < LARGEST)) {
                return false;
            }
        }
        return true;
    }
}
