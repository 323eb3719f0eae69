package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.ExampleInputs;
import io.fedfm.runtime.graph.InputRole;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Shapes;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for positions that no known use brings in: a table of one row for each token that is added
 * to the stream or multiplied with it (a slice of sinusoids, cosines made beforehand), or an input
 * of position ids that nobody looks anything up with.
 */
final class UnmovedPositions {
    private final Walk walk;
    private final Set<String> moved;
    private final Map<String, InputRole> roles;

    /**
     * A search.
     *
     * @param moved all values that depend on a known use
     */
    UnmovedPositions(Walk walk, Set<String> moved, Map<String, InputRole> roles) {
        this.walk = walk;
        this.moved = moved;
        this.roles = roles;
    }

    /** A value that holds such positions, or "". */
    String find() {
        for (Map.Entry<String, InputRole> input : roles.entrySet()) {
            if (input.getValue() == InputRole.POSITIONS && moved.isEmpty()) {
                return input.getKey();
            }
        }
        for (Node node : walk.graph().nodes()) {
            List<String> stream = walk.streamInputs(node);
            if (stream.size() == 1 && (node.is("Add") || node.is("Mul"))) {
                String other = Walk.other(node, stream.get(0));
                if (!moved.contains(other) && hasRowForEachToken(other)) {
                    return other;
                }
            }
        }
        return "";
    }

    /** Not a mask, whose last axis is 1 or the length. */
    private boolean hasRowForEachToken(String value) {
        long[] dimensions = walk.dimensions(value);
        int last = dimensions.length - 1;
        long length = ExampleInputs.length(walk.graph(), (int) Shapes.VARIES);
        return last >= 1
                && dimensions[last] > 1
                && dimensions[last - 1] == length
                && dimensions[last] != length;
    }
}
