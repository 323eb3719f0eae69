package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;

/** Convolution and average pooling. */
final class ImageVjps {
    private ImageVjps() {}

    static Map<String, Vjp> all() {
        return Map.of(
                "Conv", ImageVjps::convolution,
                "AveragePool", ImageVjps::averagePool,
                "GlobalAveragePool", ImageVjps::globalAveragePool);
    }

    private static void convolution(Node node, Cotangents c) {
        String dy = c.of(node.output());
        if (c.needs(node.input(0))) {
            long group = node.attributes().integer("group", 1);
            c.contribute(node.input(0), transposed(node, c, dy, node.input(1), group));
        }
        if (c.needs(node.input(1))) {
            c.contribute(node.input(1), weight(node, c, dy));
        }
        if (c.needs(node.input(2))) {
            long[] others = LongStream.range(0, rank(node, c)).filter(i -> i != 1).toArray();
            c.contribute(node.input(2), c.builder().reduceSum(dy, false, others));
        }
    }

    /** Spreads each output over the inputs it was made from. */
    private static String transposed(
            Node node, Cotangents c, String dy, String kernel, long group) {
        long[] strides = strides(node, c);
        long[] dilations = numbers(node, c, "dilations", 1);
        long[] pads = pads(node, c);
        long[] input = c.forward().dimensions(node.input(0));
        long[] output = c.forward().dimensions(node.output());
        long[] size = window(node, c);
        long[] extra = new long[strides.length];
        for (int i = 0; i < extra.length; i++) {
            if (strides[i] == 1) {
                continue;
            }
            if (input[i + 2] == Shapes.VARIES) {
                throw new NoDerivative("it strides over images of varying size");
            }
            long reach = dilations[i] * (size[i] - 1) + 1;
            long made = (output[i + 2] - 1) * strides[i] + reach;
            extra[i] = input[i + 2] - made + pads[i] + pads[extra.length + i];
        }
        Attributes attributes =
                Attributes.of("strides", strides)
                        .with("dilations", dilations)
                        .with("pads", pads)
                        .with("group", group)
                        .with("output_padding", extra);
        return c.builder().op("ConvTranspose", attributes, dy, kernel);
    }

    /** Convolves inputs with cotangents, samples in the place of channels. */
    private static String weight(Node node, Cotangents c, String dy) {
        if (node.attributes().integer("group", 1) != 1) {
            throw new NoDerivative("its weight is trained and has groups");
        }
        GraphBuilder g = c.builder();
        long[] swap = LongStream.range(0, rank(node, c)).map(i -> i < 2 ? 1 - i : i).toArray();
        Attributes attributes =
                Attributes.of("strides", numbers(node, c, "dilations", 1))
                        .with("dilations", strides(node, c))
                        .with("pads", pads(node, c));
        String product =
                g.op("Conv", attributes, g.transpose(node.input(0), swap), g.transpose(dy, swap));
        long[] axes = LongStream.range(2, rank(node, c)).toArray();
        long[] size = c.forward().dimensions(node.input(1));
        String cut =
                g.op(
                        "Slice",
                        product,
                        g.integers(new long[axes.length]),
                        g.integers(Arrays.copyOfRange(size, 2, size.length)),
                        g.integers(axes));
        return g.transpose(cut, swap);
    }

    private static void averagePool(Node node, Cotangents c) {
        long[] kernel = node.attributes().integers("kernel_shape");
        boolean padded = Arrays.stream(pads(node, c)).anyMatch(p -> p != 0);
        if (padded && node.attributes().integer("count_include_pad", 0) == 0
                || node.attributes().integer("ceil_mode", 0) == 1) {
            throw new NoDerivative("its windows at the border count fewer elements");
        }
        long channels = c.forward().dimensions(node.input(0))[1];
        if (channels == Shapes.VARIES) {
            throw new NoDerivative("its number of channels varies");
        }
        long count = Arrays.stream(kernel).reduce(1, (a, b) -> a * b);
        float[] weights = new float[Math.toIntExact(channels * count)];
        Arrays.fill(weights, 1f / count);
        long[] shape =
                LongStream.concat(LongStream.of(channels, 1), Arrays.stream(kernel)).toArray();
        String average = c.builder().initializer("average", Tensor.floats(weights, shape));
        c.contribute(node.input(0), transposed(node, c, c.of(node.output()), average, channels));
    }

    private static void globalAveragePool(Node node, Cotangents c) {
        long count =
                Arrays.stream(c.forward().dimensions(node.input(0)))
                        .skip(2)
                        .reduce(1, (a, b) -> b == Shapes.VARIES || a < 0 ? -1 : a * b);
        if (count < 0) {
            throw new NoDerivative("it averages images of varying size");
        }
        GraphBuilder g = c.builder();
        c.contributeSpread(node.input(0), g.op("Mul", c.of(node.output()), g.scalar(1.0 / count)));
    }

    private static long[] window(Node node, Cotangents c) {
        long[] given = node.attributes().integers("kernel_shape");
        return given == null
                ? Arrays.stream(c.forward().dimensions(node.input(1))).skip(2).toArray()
                : given;
    }

    private static int rank(Node node, Cotangents c) {
        return c.forward().rank(node.input(0));
    }

    private static long[] strides(Node node, Cotangents c) {
        return numbers(node, c, "strides", 1);
    }

    private static long[] pads(Node node, Cotangents c) {
        if (!node.attributes().text("auto_pad", "NOTSET").equals("NOTSET")) {
            throw new NoDerivative("its padding is automatic (auto_pad)");
        }
        long[] pads = node.attributes().integers("pads");
        return pads == null ? new long[2 * (rank(node, c) - 2)] : pads;
    }

    private static long[] numbers(Node node, Cotangents c, String name, long defaultNumber) {
        long[] given = node.attributes().integers(name);
        return given == null
                ? LongStream.range(2, rank(node, c)).map(i -> defaultNumber).toArray()
                : given;
    }
}
