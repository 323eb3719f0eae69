package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Shapes;

/** Brings cotangents to the shapes of forward values, with constant shapes where they suffice. */
final class TargetShape {
    private TargetShape() {}

    /**
     * Reshapes a cotangent to the shape of {@code target}.
     *
     * @param like a forward value of the cotangent's shape
     */
    static String reshape(Cotangents c, String cotangent, String like, String target) {
        ForwardValues forward = c.forward();
        long[] dimensions = forward.dimensions(target);
        int inferred = 0;
        for (int i = 0; i < dimensions.length; i++) {
            if (dimensions[i] != Shapes.VARIES) {
                continue;
            }
            if (i < forward.rank(like) && forward.sameDimension(target, i, like, i)) {
                dimensions[i] = 0;
            } else {
                inferred++;
            }
        }
        return inferred <= 1
                ? c.builder().reshape(cotangent, dimensions)
                : c.builder().op("Reshape", cotangent, c.builder().op("Shape", target));
    }

    /** A reshape of something of any shape to the shape of {@code target}. */
    static String reshape(Cotangents c, String cotangent, String target) {
        long[] dimensions = c.forward().dimensions(target);
        int varying = 0;
        for (long dimension : dimensions) {
            varying += dimension == Shapes.VARIES ? 1 : 0;
        }
        return varying <= 1
                ? c.builder().reshape(cotangent, dimensions)
                : c.builder().op("Reshape", cotangent, c.builder().op("Shape", target));
    }

    /** Zeros of the shape of a value. */
    static String zeros(Cotangents c, String value) {
        return c.builder().op("ConstantOfShape", c.builder().op("Shape", value));
    }

    /** The dimension of an axis as a vector of one integer. */
    static String dimension(GraphBuilder g, String value, int axis) {
        return g.op("Shape", Attributes.of("start", axis).with("end", axis + 1), value);
    }
}
