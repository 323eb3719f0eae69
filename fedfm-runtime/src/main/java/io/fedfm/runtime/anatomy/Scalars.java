package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * The numbers that a graph computes from constants and from dimensions that do not vary, as
 * exporters write the scale of an attention: {@code 1 / sqrt(shape[-1])}.
 */
final class Scalars {
    private static final int LONGEST = 8;

    private final Walk walk;

    Scalars(Walk walk) {
        this.walk = walk;
    }

    /** The number that a value of one element always holds; NaN if it is not known. */
    double number(String value) {
        double[] numbers = numbers(value);
        return numbers != null && numbers.length == 1 ? numbers[0] : Double.NaN;
    }

    /** The few elements of a value, NaN where one is not known; null if nothing is. */
    private double[] numbers(String value) {
        Tensor tensor = walk.graph().initializers().get(value);
        if (tensor != null) {
            return constant(tensor);
        }
        Node node = walk.producer(value);
        if (node == null || !node.domain().isEmpty() || walk.isStream(value)) {
            return null;
        }
        return switch (node.op()) {
            case "Shape" -> shape(node);
            case "Gather" -> gather(node);
            case "Slice" -> slice(node);
            case "Cast", "Squeeze", "Unsqueeze", "Reshape" -> numbers(node.input(0));
            case "Sqrt" -> each(node, Math::sqrt);
            case "Reciprocal" -> each(node, x -> 1 / x);
            case "Mul" -> both(node, (a, b) -> a * b);
            case "Div" -> both(node, (a, b) -> a / b);
            case "Pow" -> both(node, Math::pow);
            default -> null;
        };
    }

    private static double[] constant(Tensor tensor) {
        if (tensor.size() > LONGEST) {
            return null;
        }
        if (tensor.type() == ElementType.FLOAT) {
            float[] floats = tensor.toFloats();
            double[] numbers = new double[floats.length];
            Arrays.setAll(numbers, i -> floats[i]);
            return numbers;
        }
        boolean integers = tensor.type() == ElementType.INT64 || tensor.type() == ElementType.INT32;
        return integers ? Arrays.stream(tensor.toLongs()).asDoubleStream().toArray() : null;
    }

    private double[] shape(Node node) {
        long[] dimensions = walk.dimensions(node.input(0));
        double[] all =
                Arrays.stream(dimensions)
                        .mapToDouble(d -> d == Shapes.VARIES ? Double.NaN : d)
                        .toArray();
        long start = node.attributes().integer("start", 0);
        long end = node.attributes().integer("end", all.length);
        return part(all, start, end);
    }

    private double[] gather(Node node) {
        double[] from = numbers(node.input(0));
        long[] index = walk.integers(node.input(1));
        if (from == null || index == null || index.length != 1) {
            return null;
        }
        long i = index[0] < 0 ? index[0] + from.length : index[0];
        return part(from, i, i + 1);
    }

    private double[] slice(Node node) {
        double[] from = numbers(node.input(0));
        long[] starts = walk.integers(node.input(1));
        long[] ends = walk.integers(node.input(2));
        boolean steps = !node.input(4).isEmpty() && number(node.input(4)) != 1;
        return from == null || starts == null || ends == null || starts.length != 1 || steps
                ? null
                : part(from, starts[0], ends[0]);
    }

    private static double[] part(double[] from, long start, long end) {
        long first = start < 0 ? start + from.length : start;
        long last = Math.min(from.length, end < 0 ? end + from.length : end);
        return first < 0 || first > last ? null : Arrays.copyOfRange(from, (int) first, (int) last);
    }

    private double[] each(Node node, DoubleUnaryOperator function) {
        double[] x = numbers(node.input(0));
        return x == null ? null : Arrays.stream(x).map(function).toArray();
    }

    private double[] both(Node node, DoubleBinaryOperator function) {
        double a = number(node.input(0));
        double b = number(node.input(1));
        return new double[] {function.applyAsDouble(a, b)};
    }
}
