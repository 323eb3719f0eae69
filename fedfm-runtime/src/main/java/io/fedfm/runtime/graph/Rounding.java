package io.fedfm.runtime.graph;

import java.util.List;

/**
 * The rounding of activations to 8-bit integers, as graphs hold it between reading and writing.
 *
 * <p>Two forms: a node {@code fedfm:Rounding} of a value, with a scale and a zero point that are
 * constants, or alone, when both follow from the value's range (DynamicQuantizeLinear); and a mark
 * on a {@code MatMul} by an integer weight that rounds its first operand by its range. Both compute
 * in float what the integers compute: {@code round(x / s) s}. {@link OnnxWriter} writes standard
 * operators for them.
 *
 * <p>Gradients go straight through (Bengio et al. 2013): as if nothing were rounded, and zero where
 * a constant scale does not reach.
 */
public final class Rounding {
    private static final String DOMAIN = "fedfm";
    private static final String OPERATOR = "Rounding";

    /** The operator with its domain. */
    public static final String KEY = DOMAIN + ":" + OPERATOR;

    private static final String MARK = "fedfm_rounds_input";

    private Rounding() {}

    /**
     * A node like another one, which it replaces; {@code inputs} are x, or x, scale, zero point.
     */
    public static Node node(String name, List<String> inputs, String output, String modulePath) {
        return new Node(
                DOMAIN, OPERATOR, name, inputs, List.of(output), Attributes.none(), modulePath);
    }

    /** Whether a node is a rounding. */
    public static boolean is(Node node) {
        return node.domain().equals(DOMAIN) && node.op().equals(OPERATOR);
    }

    /** Whether a rounding has a constant scale. */
    public static boolean isStatic(Node rounding) {
        return !rounding.input(1).isEmpty();
    }

    /** What makes a MatMul round its first operand. */
    static Attributes mark() {
        return Attributes.of(MARK, 1);
    }

    /** Whether a node is a MatMul that rounds its first operand. */
    public static boolean roundsInput(Node node) {
        return node.is("MatMul") && node.attributes().has(MARK);
    }

    /** The same product of numbers that are not rounded. */
    public static Node withoutMark(Node node) {
        return node.replacedBy(node.op(), node.inputs(), node.attributes().without(MARK));
    }

    /**
     * The interval of numbers whose nearest level a constant scale has: its lower end, then its
     * upper, half a step beyond the outermost levels.
     */
    public static float[] reach(Tensor scale, Tensor zeroPoint) {
        boolean signed = zeroPoint != null && zeroPoint.type() == ElementType.INT8;
        long zero = zeroPoint == null ? 0 : zeroPoint.toLongs()[0];
        float step = scale.toFloats()[0];
        long least = signed ? Byte.MIN_VALUE : 0;
        return new float[] {(least - zero - 0.5f) * step, (least + 255.5f - zero) * step};
    }
}
