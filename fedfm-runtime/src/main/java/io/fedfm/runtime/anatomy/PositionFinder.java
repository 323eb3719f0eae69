package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.anatomy.Anatomy.Positions;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.InputRole;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds where positions enter: the look-ups of position tables and the angles of rotations whose
 * index or argument comes from a range, a running sum, a constant 0, 1, 2, ... or the input of
 * position ids.
 */
final class PositionFinder {
    /** Operators whose first input alone is positions. */
    private static final Set<String> MOVES =
            Set.of(
                    "Cast",
                    "Expand",
                    "Flatten",
                    "Gather",
                    "Identity",
                    "Reshape",
                    "Slice",
                    "Squeeze",
                    "Tile",
                    "Transpose",
                    "Unsqueeze");

    /** Operators of two inputs, of which one alone is positions. */
    private static final Set<String> SCALES =
            Set.of("Add", "Sub", "Mul", "Div", "MatMul", "Einsum");

    private final Walk walk;
    private final Map<String, InputRole> roles;

    /** The inputs of a value that are positions; none of them for one that starts positions. */
    private final Map<String, List<String>> behind = new HashMap<>();

    private final Set<String> known = new HashSet<>();

    PositionFinder(Walk walk) {
        this.walk = walk;
        this.roles = InputRole.of(walk.graph());
    }

    /**
     * All uses.
     *
     * @param text whether the graph takes tokens: images have no positions that could move
     */
    Positions find(boolean text) {
        List<Positions.Use> uses = new ArrayList<>();
        Set<String> moved = new HashSet<>();
        for (Node node : walk.graph().nodes()) {
            int slot = text ? slot(node) : -1;
            if (slot >= 0 && isPositions(node.input(slot))) {
                uses.add(use(node, slot));
                moved.add(node.output());
            } else if (node.inputs().stream().anyMatch(moved::contains)) {
                moved.addAll(node.outputs());
            }
        }
        return new Positions(uses, text ? new UnmovedPositions(walk, moved, roles).find() : "");
    }

    /** Which input would be positions; -1 for a node that takes none. */
    private int slot(Node node) {
        if (node.is("Cos") || node.is("Sin")) {
            return 0;
        }
        boolean table = node.is("Gather") && node.attributes().integer("axis", 0) == 0;
        boolean looksUp = table && isTable(node.input(0));
        boolean picks = node.is("GatherElements") && isTable(behindShapes(node.input(0)));
        return looksUp || picks ? 1 : -1;
    }

    private boolean isTable(String value) {
        Tensor tensor = walk.graph().initializers().get(value);
        return tensor != null && tensor.type() == ElementType.FLOAT && tensor.shape().length >= 2;
    }

    private String behindShapes(String value) {
        String current = value;
        Node node = walk.producer(current);
        while (node != null && node.domain().isEmpty() && MOVES.contains(node.op())) {
            current = node.input(0);
            node = walk.producer(current);
        }
        return current;
    }

    private boolean isPositions(String value) {
        if (!known.contains(value)) {
            List<String> inputs = inputs(value);
            if (inputs != null) {
                behind.put(value, inputs);
            }
            known.add(value);
        }
        return behind.containsKey(value);
    }

    /** The inputs that are positions; null if the value is none. */
    private List<String> inputs(String value) {
        if (walk.isStream(value)) {
            return null;
        }
        if (roles.get(value) == InputRole.POSITIONS || counts(value)) {
            return List.of();
        }
        Node node = walk.producer(value);
        if (node == null || !node.domain().isEmpty() || node.outputs().size() != 1) {
            return null;
        }
        return switch (node.op()) {
            case "Range", "CumSum" -> List.of();
            case "Where" -> some(node.inputs().subList(1, 3));
            case "Concat" -> some(node.inputs());
            default -> {
                if (SCALES.contains(node.op())) {
                    yield one(node.inputs());
                }
                yield MOVES.contains(node.op()) ? one(node.inputs().subList(0, 1)) : null;
            }
        };
    }

    private List<String> some(List<String> inputs) {
        List<String> found = inputs.stream().distinct().filter(this::isPositions).toList();
        return found.isEmpty() ? null : found;
    }

    /** A difference of two positions, say, is none. */
    private List<String> one(List<String> inputs) {
        List<String> found = some(inputs);
        return found == null || found.size() > 1 ? null : found;
    }

    /** A constant start, start + 1, start + 2, ... */
    private boolean counts(String value) {
        long[] numbers = walk.integers(value);
        for (int i = 1; numbers != null && i < numbers.length; i++) {
            if (numbers[i] != numbers[i - 1] + 1) {
                return false;
            }
        }
        return numbers != null && numbers.length > 1;
    }

    private Positions.Use use(Node node, int slot) {
        Map<String, ElementType> sources = new LinkedHashMap<>();
        Set<String> through = new HashSet<>();
        collect(node.input(slot), sources, through);
        return new Positions.Use(node.name(), slot, sources, through);
    }

    private void collect(String value, Map<String, ElementType> sources, Set<String> through) {
        List<String> inputs = behind.get(value);
        if (inputs.isEmpty()) {
            sources.put(value, walk.type(value));
        } else if (through.add(value)) {
            inputs.forEach(input -> collect(input, sources, through));
        }
    }
}
