package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells why a further key could not be scored from the queries alone: scores that are capped, or
 * that a bias of positions is added to, and heads or layouts that the structure does not tell.
 */
final class ScoreObstacles {
    /** What is added to scores is a mask if it is 0 or below minus this. */
    private static final double MASKED = 1e3;

    private final Walk walk;

    ScoreObstacles(Walk walk) {
        this.walk = walk;
    }

    /** What stands in the way, in words; "" if nothing does. */
    String of(Scores scores, long heads, long keyValueHeads) {
        if (heads == 0 || keyValueHeads == 0 || heads % keyValueHeads != 0) {
            return "its numbers of heads are not known";
        }
        if (!isLaidOut(scores.query(), heads) || !isLaidOut(scores.context(), heads)) {
            return "its heads are laid out in an unusual way";
        }
        if (Double.isNaN(scores.scale())) {
            return "its scores are not the products of queries and keys times a constant";
        }
        return isBiased(scores) ? "a bias of positions is added to its scores" : "";
    }

    private boolean isLaidOut(String value, long heads) {
        int rank = walk.rank(value);
        return rank == 3 || rank == 4 && walk.dimensions(value)[1] == heads;
    }

    private boolean isBiased(Scores scores) {
        String current = scores.scores();
        while (true) {
            Node node = walk.producer(current);
            List<String> stream = walk.streamInputs(node);
            if (node.is("MatMul")) {
                return false;
            }
            if (node.is("Add") || node.is("Sub")) {
                String other = Walk.other(node, stream.get(0));
                if (stream.size() != 1 || !isMask(other)) {
                    return true;
                }
            }
            current = stream.get(0);
        }
    }

    /**
     * Whether a value that is no bias of the stream is made of zeros, ones and huge numbers only.
     */
    private boolean isMask(String value) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(value));
        while (!open.isEmpty()) {
            String current = open.pop();
            if (!seen.add(current)) {
                continue;
            }
            if (walk.isStream(current)) {
                return false;
            }
            Tensor constant = walk.graph().initializers().get(current);
            if (constant != null && !masks(constant)) {
                return false;
            }
            Node node = walk.producer(current);
            if (node != null && !node.is("Shape")) {
                open.addAll(dataInputs(node));
            }
        }
        return true;
    }

    /** The inputs whose elements, and not only whose truth or shape, get into the result. */
    private static List<String> dataInputs(Node node) {
        return switch (node.op()) {
            case "Where" -> node.inputs().subList(1, 3);
            case "Reshape", "Expand", "Unsqueeze", "Squeeze", "Slice", "Cast", "Tile", "Gather" ->
                    node.inputs().subList(0, 1);
            default -> node.inputs().stream().filter(input -> !input.isEmpty()).toList();
        };
    }

    private static boolean masks(Tensor constant) {
        if (constant.type() != ElementType.FLOAT) {
            return true;
        }
        for (float value : constant.toFloats()) {
            if (value != 0 && Math.abs(value) != 1 && Math.abs(value) < MASKED) {
                return false;
            }
        }
        return true;
    }
}
