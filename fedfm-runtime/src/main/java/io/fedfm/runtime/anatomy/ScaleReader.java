package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;
import java.util.Set;

/** Reads the constant factors that a value is multiplied by on its way. */
final class ScaleReader {
    private static final Set<String> NEUTRAL =
            Set.of(
                    "Add",
                    "Where",
                    "Cast",
                    "Reshape",
                    "Flatten",
                    "Transpose",
                    "Squeeze",
                    "Unsqueeze");

    /** A lower bound below this stands for the lowest float and leaves scores as they are. */
    private static final double LOWEST = -1e30;

    private final Walk walk;
    private final Scalars scalars;

    ScaleReader(Walk walk) {
        this.walk = walk;
        this.scalars = new Scalars(walk);
    }

    /**
     * The product of the factors between two values.
     *
     * @param from the earlier value
     * @param to the later value
     * @return NaN where the way from one to the other does more than multiply by constants, mask
     *     and reshape
     */
    double between(String from, String to) {
        double scale = 1;
        String current = to;
        while (!current.equals(from)) {
            Node node = walk.producer(current);
            if (node == null) {
                return Double.NaN;
            }
            String next = null;
            for (String input : walk.streamInputs(node)) {
                next = walk.ancestors(input).contains(from) ? input : next;
            }
            scale *= next == null ? Double.NaN : factor(node, next);
            if (Double.isNaN(scale)) {
                return scale;
            }
            current = next;
        }
        return scale;
    }

    /**
     * The product of the factors right behind a value, up to what is neither factor nor reshape.
     */
    double behind(String value) {
        double scale = 1;
        Node node = walk.producer(value);
        while (node != null && walk.streamInputs(node).size() == 1) {
            String input = walk.streamInputs(node).get(0);
            double factor = node.is("Expand") ? 1 : factor(node, input);
            if (Double.isNaN(factor) || node.is("Add") || node.is("Where")) {
                return scale;
            }
            scale *= factor;
            node = walk.producer(input);
        }
        return scale;
    }

    /** The factor that one node multiplies by; NaN if it does something else. */
    private double factor(Node node, String through) {
        if (node.is("Mul")) {
            return scalars.number(Walk.other(node, through));
        }
        if (node.is("Div") && node.input(0).equals(through)) {
            return 1 / scalars.number(node.input(1));
        }
        if (node.is("Max") && scalars.number(Walk.other(node, through)) < LOWEST) {
            return 1;
        }
        return node.domain().isEmpty() && NEUTRAL.contains(node.op()) ? 1 : Double.NaN;
    }
}
