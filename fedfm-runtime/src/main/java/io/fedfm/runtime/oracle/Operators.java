package io.fedfm.runtime.oracle;

import io.fedfm.runtime.graph.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operators the interpreter knows. */
final class Operators {
    private static final Map<String, Operator> ALL = collect();

    private Operators() {}

    /** The operator of a node; null if it is not known. */
    static Operator find(Node node) {
        return ALL.get(node.domain().isEmpty() ? node.op() : node.domain() + ":" + node.op());
    }

    private static Map<String, Operator> collect() {
        Map<String, Operator> all = new HashMap<>();
        List.of(
                        Arithmetic.all(),
                        Functions.all(),
                        Activations.all(),
                        Products.all(),
                        Reductions.all(),
                        Normalizations.all(),
                        Rearrangements.all(),
                        Lookups.all(),
                        Logic.all(),
                        ShapeArithmetic.all(),
                        Rotations.all(),
                        Images.all(),
                        Roundings.all())
                .forEach(all::putAll);
        return all;
    }
}
