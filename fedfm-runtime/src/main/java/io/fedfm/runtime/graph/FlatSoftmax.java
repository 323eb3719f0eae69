package io.fedfm.runtime.graph;

import io.fedfm.runtime.graph.OpsetUpgrade.Conversion;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * {@code Softmax} and {@code LogSoftmax} before opset 13: over all axes from {@code axis} on, taken
 * as one.
 */
final class FlatSoftmax implements Conversion {
    private final Function<String, OptionalInt> rank;

    FlatSoftmax(Function<String, OptionalInt> rank) {
        this.rank = rank;
    }

    @Override
    public void convert(Node node, GraphBuilder target) {
        long axis = node.attributes().integer("axis", 1);
        OptionalInt known = rank.apply(node.input(0));
        if (axis == -1 || (known.isPresent() && axis == known.getAsInt() - 1)) {
            target.graph()
                    .addNode(node.replacedBy(node.op(), node.inputs(), Attributes.of("axis", -1)));
            return;
        }
        String flat = target.op("Flatten", Attributes.of("axis", axis), node.input(0));
        String soft = target.op(node.op(), Attributes.of("axis", -1), flat);
        String shape = target.op("Shape", node.input(0));
        target.graph().addNode(node.replacedBy("Reshape", List.of(soft, shape), Attributes.none()));
    }
}
