package io.fedfm.runtime.autodiff;

import static io.fedfm.runtime.autodiff.GradientTests.ramp;
import static io.fedfm.runtime.autodiff.GradientTests.test;
import static io.fedfm.runtime.autodiff.GradientTests.vector;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Derivatives of products, reductions, norms and convolutions, against PyTorch and differences. */
final class ComputingVjpTest {
    @TestFactory
    Stream<DynamicTest> matrixProducts() {
        return Stream.of(
                        List.of("B 4", "4 5"),
                        List.of("B L 4", "4 5"),
                        List.of("B 2 L 4", "4 5"),
                        List.of("B L 4", "B 4 L"),
                        List.of("B 2 L 4", "B 2 4 3"),
                        List.of("B 1 L 4", "2 4 3"),
                        List.of("B 2 L 4", "1 1 4 3"),
                        List.of("2 4", "B 4 L"),
                        List.of("4", "4"),
                        List.of("B L 4", "4"),
                        List.of("4", "4 3"),
                        List.of("4", "B 4 3"))
                .map(shapes -> test("MatMul " + shapes, g -> g.op("MatMul", "x0", "x1"), shapes));
    }

    @TestFactory
    Stream<DynamicTest> gemm() {
        Stream<DynamicTest> transposed =
                Stream.of(0, 1, 2, 3)
                        .map(
                                bits -> {
                                    Attributes attributes =
                                            Attributes.of("transA", bits & 1)
                                                    .with("transB", bits >> 1)
                                                    .with("alpha", 0.7f)
                                                    .with("beta", 1.3f);
                                    return test(
                                            "Gemm " + bits,
                                            g -> g.op("Gemm", attributes, "x0", "x1", "x2"),
                                            List.of(
                                                    (bits & 1) == 0 ? "B 4" : "4 B",
                                                    bits >> 1 == 0 ? "4 5" : "5 4",
                                                    "5"));
                                });
        Stream<DynamicTest> biases =
                Stream.of("", "1", "B 5", "B 1", "1 5")
                        .map(
                                bias ->
                                        test(
                                                "Gemm + [" + bias + "]",
                                                g -> g.op("Gemm", "x0", "x1", "x2"),
                                                List.of("B 4", "4 5", bias)));
        return Stream.concat(transposed, biases);
    }

    @TestFactory
    Stream<DynamicTest> reductions() {
        return Stream.of(
                        "ReduceSum",
                        "ReduceMean",
                        "ReduceMax",
                        "ReduceMin",
                        "ReduceLogSumExp",
                        "ReduceL1",
                        "ReduceL2",
                        "ReduceSumSquare")
                .flatMap(
                        op ->
                                Stream.of(
                                        reduce(op, 1, -1),
                                        reduce(op, 0, -1),
                                        reduce(op, 0, 0),
                                        reduce(op, 1, 1),
                                        reduce(op, 0, -1, 0),
                                        reduce(op, 1, 0, 1),
                                        test(
                                                op + " all",
                                                g -> g.op(op, Attributes.of("keepdims", 0), "x0"),
                                                "B L 4")));
    }

    @TestFactory
    Stream<DynamicTest> reductionsOfNoAxes() {
        Attributes none = Attributes.of("noop_with_empty_axes", 1);
        return Stream.of("ReduceSum", "ReduceMean")
                .map(op -> test(op, g -> g.op(op, none, "x0", g.integers()), "B L 4"));
    }

    private static DynamicTest reduce(String op, int keep, long... axes) {
        return test(
                op + " " + java.util.Arrays.toString(axes) + " keepdims " + keep,
                g -> g.op(op, Attributes.of("keepdims", keep), "x0", g.integers(axes)),
                "B L 4");
    }

    @TestFactory
    Stream<DynamicTest> softmax() {
        return Stream.of("Softmax", "LogSoftmax")
                .flatMap(
                        op ->
                                Stream.of(-1, 1, 0)
                                        .map(
                                                axis ->
                                                        test(
                                                                op + " " + axis,
                                                                g ->
                                                                        g.op(
                                                                                op,
                                                                                Attributes.of(
                                                                                        "axis",
                                                                                        axis),
                                                                                "x0"),
                                                                "B L 4")));
    }

    @TestFactory
    Stream<DynamicTest> normalizations() {
        return Stream.of(
                test(
                        "LayerNormalization",
                        g -> g.op("LayerNormalization", "x0", "x1", "x2"),
                        List.of("B L 8", "8", "8")),
                test(
                        "LayerNormalization without bias",
                        g ->
                                g.op(
                                        "LayerNormalization",
                                        Attributes.of("epsilon", 0.01f),
                                        "x0",
                                        "x1"),
                        List.of("B L 8", "8")),
                test(
                        "LayerNormalization over two axes",
                        g -> g.op("LayerNormalization", Attributes.of("axis", 1), "x0", "x1", "x2"),
                        List.of("B 3 4", "3 4", "3 4")),
                test(
                        "BatchNormalization",
                        g ->
                                g.op(
                                        "BatchNormalization",
                                        "x0",
                                        "x1",
                                        "x2",
                                        vector(g, 0.5, -0.3, 0.1),
                                        vector(g, 0.5, 2, 1)),
                        List.of("B 3 2 L", "3", "3")));
    }

    @TestFactory
    Stream<DynamicTest> operatorsOfOpset23() {
        Attributes heads = Attributes.of("num_heads", 2);
        return Stream.of(
                test(
                        "RMSNormalization",
                        new GradientCheck(g -> g.op("RMSNormalization", "x0", "x1"), "B L 8", "8")
                                .opset(23)),
                test("RotaryEmbedding", rotary(Attributes.none(), 4, "B 2 L 8")),
                test("RotaryEmbedding of heads", rotary(heads, 4, "B L 16")),
                test(
                        "RotaryEmbedding interleaved",
                        rotary(heads.with("interleaved", 1), 4, "B L 16")),
                test(
                        "RotaryEmbedding of a part",
                        rotary(heads.with("rotary_embedding_dim", 4), 2, "B L 16")));
    }

    /** Positions 0, 1, 0, ... for every row, and angles that grow with the position. */
    private static GradientCheck rotary(Attributes attributes, int half, String shape) {
        float[] cosines = new float[8 * half];
        float[] sines = new float[8 * half];
        for (int i = 0; i < cosines.length; i++) {
            cosines[i] = (float) Math.cos(0.3 * i);
            sines[i] = (float) Math.sin(0.3 * i);
        }
        return new GradientCheck(
                        g -> {
                            String flat =
                                    g.op(
                                            "ReduceSum",
                                            Attributes.of("keepdims", 0),
                                            "x0",
                                            shape.startsWith("B 2")
                                                    ? g.integers(1, 3)
                                                    : g.integers(2));
                            String positions =
                                    g.cast(g.op("Greater", flat, g.scalar(0)), ElementType.INT64);
                            return g.op(
                                    "RotaryEmbedding",
                                    attributes,
                                    "x0",
                                    g.initializer("cos", Tensor.floats(cosines, 8, half)),
                                    g.initializer("sin", Tensor.floats(sines, 8, half)),
                                    positions);
                        },
                        shape)
                .opset(23);
    }

    @TestFactory
    Stream<DynamicTest> images() {
        Attributes even = Attributes.of("pads", new long[] {1, 1, 1, 1});
        long[] two = {2, 2};
        return Stream.of(
                test(
                        "Conv",
                        g -> g.op("Conv", "x0", "x1", "x2"),
                        List.of("B 3 5 6", "4 3 2 3", "4")),
                test(
                        "Conv padded",
                        g -> g.op("Conv", even, "x0", "x1"),
                        List.of("B 3 L 6", "4 3 3 3")),
                test(
                        "Conv in strides",
                        g -> g.op("Conv", even.with("strides", two), "x0", "x1"),
                        List.of("B 3 6 7", "4 3 3 3")),
                test(
                        "Conv of patches",
                        g -> g.op("Conv", Attributes.of("strides", two), "x0", "x1"),
                        List.of("B 3 6 4", "5 3 2 2")),
                test(
                        "Conv dilated",
                        g -> g.op("Conv", even.with("dilations", two), "x0", "x1"),
                        List.of("B 2 6 7", "3 2 3 3")),
                test(
                        "Conv in groups",
                        g -> g.op("Conv", Attributes.of("group", 2), "x0", ramp(g, 4, 2, 3, 3)),
                        List.of("B 4 5 5")),
                test("GlobalAveragePool", g -> g.op("GlobalAveragePool", "x0"), "B 3 4 5"),
                test(
                        "AveragePool",
                        g ->
                                g.op(
                                        "AveragePool",
                                        Attributes.of("kernel_shape", two).with("strides", two),
                                        "x0"),
                        "B 3 4 5"));
    }
}
