package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every derivative against PyTorch's autograd and against differences. */
final class VjpTest {
    @TestFactory
    Stream<DynamicTest> elementWiseWithBroadcasting() {
        return Stream.of("Add", "Sub", "Mul", "Div", "Max", "Min", "Pow")
                .flatMap(
                        op ->
                                Stream.of(
                                        positive(op, "B L 4", "B L 4"),
                                        positive(op, "B L 4", "4"),
                                        positive(op, "B 1 4", "1 L 1"),
                                        positive(op, "", "B L"),
                                        positive(op, "B L", "1"),
                                        positive(op, "3", "B 2 1 3")));
    }

    private static DynamicTest positive(String op, String a, String b) {
        return test(
                op + " [" + a + "] [" + b + "]",
                new GradientCheck(g -> g.op(op, "x0", "x1"), a, b).between(0.5, 2));
    }

    @TestFactory
    Stream<DynamicTest> powersWithFixedExponent() {
        return Stream.of(0.0, 1.0, 2.0, 3.0, 0.5, -0.5, 4.0)
                .map(
                        p ->
                                test(
                                        "Pow " + p,
                                        new GradientCheck(
                                                        g -> g.op("Pow", "x0", g.scalar(p)), "B L")
                                                .between(0.5, 2)));
    }

    @TestFactory
    Stream<DynamicTest> functionsOfOneValue() {
        Stream<DynamicTest> anywhere =
                Stream.of(
                                "Identity",
                                "Neg",
                                "Exp",
                                "Abs",
                                "Cos",
                                "Sin",
                                "Erf",
                                "Tanh",
                                "Sigmoid",
                                "Relu",
                                "Softplus",
                                "HardSwish",
                                "HardSigmoid",
                                "LeakyRelu",
                                "Elu",
                                "Gelu")
                        .flatMap(
                                op ->
                                        Stream.of("", "5", "B L 4")
                                                .map(
                                                        shape ->
                                                                test(
                                                                        op + " [" + shape + "]",
                                                                        new GradientCheck(
                                                                                g -> g.op(op, "x0"),
                                                                                shape))));
        Stream<DynamicTest> positive =
                Stream.of("Sqrt", "Reciprocal", "Log")
                        .map(
                                op ->
                                        test(
                                                op,
                                                new GradientCheck(g -> g.op(op, "x0"), "B L 4")
                                                        .between(0.5, 2)));
        return Stream.concat(anywhere, positive);
    }

    @TestFactory
    Stream<DynamicTest> activationsWithAttributes() {
        return Stream.of(
                test("Gelu", g -> g.op("Gelu", Attributes.of("approximate", "tanh"), "x0"), "B L"),
                test("Elu", g -> g.op("Elu", Attributes.of("alpha", 0.3f), "x0"), "B L"),
                test(
                        "LeakyRelu",
                        g -> g.op("LeakyRelu", Attributes.of("alpha", 0.3f), "x0"),
                        "B L"),
                test("Clip", g -> g.op("Clip", "x0", g.scalar(-1), g.scalar(0.5)), "B L"),
                test("Clip below", g -> g.op("Clip", "x0", g.scalar(-1)), "B L"),
                test("Clip above", g -> g.op("Clip", "x0", "", g.scalar(1)), "B L"),
                test(
                        "Cast there and back",
                        g ->
                                g.cast(
                                        g.cast(g.op("Mul", "x0", "x0"), ElementType.DOUBLE),
                                        ElementType.FLOAT),
                        "B L"));
    }

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

    private static String vector(GraphBuilder g, double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return g.initializer("vector", Tensor.floats(floats, floats.length));
    }

    @TestFactory
    Stream<DynamicTest> shapes() {
        return Stream.of(
                test("Reshape heads", g -> g.reshape("x0", 0, 0, 2, 3), "B L 6"),
                test("Reshape rows", g -> g.reshape("x0", -1, 6), "B L 6"),
                test(
                        "Reshape computed",
                        g -> g.op("Reshape", g.op("Tanh", "x0"), g.op("Shape", "x1")),
                        List.of("B L 6", "L B 6")),
                test("Flatten", g -> g.op("Flatten", "x0"), "B 2 3"),
                test("Squeeze", g -> g.op("Squeeze", "x0", g.integers(1, -1)), "B 1 L 1"),
                test("Squeeze all", g -> g.op("Squeeze", "x0"), "5 1 3"),
                test("Unsqueeze", g -> g.op("Unsqueeze", "x0", g.integers(0, -1)), "B L"),
                test("Transpose", g -> g.transpose("x0", 0, 2, 3, 1), "B L 2 3"),
                test("Transpose reversed", g -> g.op("Transpose", "x0"), "B L 3"),
                test("Expand", g -> g.op("Expand", "x0", g.integers(2, 3, 1, 4)), "3 1 4"),
                test("Expand fewer", g -> g.op("Expand", "x0", g.integers(5, 1)), "B 1 L"),
                test("Tile", g -> g.op("Tile", "x0", g.integers(2, 1, 3)), "B L 2"));
    }

    @TestFactory
    Stream<DynamicTest> joins() {
        Attributes last = Attributes.of("axis", -1);
        Attributes second = Attributes.of("axis", 1);
        return Stream.of(
                test("Concat", g -> g.op("Concat", last, "x0", "x1"), List.of("B L 2", "B L 3")),
                test(
                        "Concat varying",
                        g -> g.op("Concat", second, "x0", "x1", "x0"),
                        List.of("B L 2", "B 4 2")),
                test(
                        "Concat constant before",
                        g -> g.op("Concat", last, vector(g, 1, 2), "x0"),
                        "L"),
                test(
                        "Concat constant after",
                        g -> g.op("Concat", last, "x0", vector(g, 1, 2)),
                        "L"),
                test(
                        "Concat between",
                        g -> g.op("Concat", last, vector(g, 1), "x0", vector(g, 2)),
                        "3"),
                test(
                        "Split, both",
                        g -> {
                            List<String> parts = g.ops("Split", 2, last, "x0", g.integers(2, 3));
                            return g.op("Concat", last, parts.get(1), parts.get(0));
                        },
                        "B L 5"),
                test(
                        "Split, one",
                        g -> g.ops("Split", 3, last, "x0", g.integers(1, 2, 2)).get(1),
                        "B L 5"));
    }

    @TestFactory
    Stream<DynamicTest> slices() {
        return Stream.of(
                test("half", g -> g.slice("x0", -1, 0, 2), "B L 4"),
                test("upper half", g -> g.slice("x0", 2, 2, Long.MAX_VALUE), "B L 4"),
                test("from the end", g -> g.slice("x0", 1, -2, Long.MAX_VALUE), "B L 4"),
                test("all but the last", g -> g.slice("x0", 1, 0, -1), "B L 4"),
                test(
                        "two axes",
                        g ->
                                g.op(
                                        "Slice",
                                        "x0",
                                        g.integers(1, 1),
                                        g.integers(3, Long.MAX_VALUE),
                                        g.integers(1, 2)),
                        "B L 4"),
                test(
                        "no axes",
                        g -> g.op("Slice", "x0", g.integers(0, 1), g.integers(1, 2)),
                        "B L 4"),
                test(
                        "computed",
                        g -> {
                            String end =
                                    g.op("Shape", Attributes.of("start", 1).with("end", 2), "x0");
                            String start = g.op("Sub", end, g.integers(2));
                            return g.op("Slice", "x0", start, end, g.integers(1));
                        },
                        "B L 4"),
                stepped("even", 0, Long.MAX_VALUE, 2, "B L 4"),
                stepped("odd", 1, Long.MAX_VALUE, 2, "B L 4"),
                stepped("thirds of five", 1, Long.MAX_VALUE, 3, "B L 5"),
                stepped("backwards", -1, Long.MIN_VALUE, -1, "B L 4"));
    }

    private static DynamicTest stepped(String name, long from, long to, long step, String shape) {
        return test(
                name,
                g ->
                        g.op(
                                "Slice",
                                "x0",
                                g.integers(from),
                                g.integers(to),
                                g.integers(2),
                                g.integers(step)),
                shape);
    }

    @TestFactory
    Stream<DynamicTest> lookups() {
        Attributes second = Attributes.of("axis", 1);
        return Stream.of(
                test("first token", g -> g.op("Gather", second, "x0", g.integer(0)), "B L 4"),
                test("last token", g -> g.op("Gather", second, "x0", g.integer(-1)), "B L 4"),
                test(
                        "third of four",
                        g -> g.op("Gather", Attributes.of("axis", 2), "x0", g.integer(2)),
                        "B L 4"),
                test("a run", g -> g.op("Gather", second, "x0", g.integers(1, 2)), "B L 4"),
                test(
                        "repeated",
                        g -> g.op("Gather", second, "x0", g.integers(1, 0, 1, -1)),
                        "B L 4"),
                test(
                        "an embedding",
                        g -> g.op("Gather", "x0", longs(g, new long[] {2, 0, 2, 5, 1, 0}, 2, 3)),
                        "6 4"),
                test(
                        "a table in the middle",
                        g -> g.op("Gather", second, "x0", longs(g, new long[] {2, 0, 2, 1}, 2, 2)),
                        "B 3 4"),
                test(
                        "GatherElements",
                        g ->
                                g.op(
                                        "GatherElements",
                                        second,
                                        "x0",
                                        longs(g, new long[] {2, 2, 0, -1}, 2, 2)),
                        "2 3"),
                test(
                        "GatherND",
                        g -> g.op("GatherND", "x0", longs(g, new long[] {1, 2, 0, 1, 1, 2}, 3, 2)),
                        "2 3 4"),
                test(
                        "ScatterND",
                        g -> g.op("ScatterND", "x0", longs(g, new long[] {2, 0}, 2, 1), "x1"),
                        List.of("3 4", "2 4")),
                test(
                        "ScatterND add",
                        g ->
                                g.op(
                                        "ScatterND",
                                        Attributes.of("reduction", "add"),
                                        "x0",
                                        longs(g, new long[] {2, 2}, 2, 1),
                                        "x1"),
                        List.of("3 4", "2 4")),
                test(
                        "ScatterElements",
                        g ->
                                g.op(
                                        "ScatterElements",
                                        second,
                                        "x0",
                                        longs(g, new long[] {2, 0, 1, 0}, 2, 2),
                                        "x1"),
                        List.of("2 3", "2 2")));
    }

    private static String longs(GraphBuilder g, long[] values, long... shape) {
        return g.initializer("longs", Tensor.longs(values, shape));
    }

    @TestFactory
    Stream<DynamicTest> selections() {
        return Stream.of(
                test(
                        "Where",
                        g -> g.op("Where", g.op("Greater", "x0", "x1"), "x0", g.op("Exp", "x1")),
                        List.of("B L", "B L")),
                test(
                        "Where broadcast",
                        g -> g.op("Where", g.op("Greater", "x0", g.scalar(0)), "x1", "x2"),
                        List.of("B 1 L", "2 1", "")),
                test("CumSum", g -> g.op("CumSum", "x0", g.integer(1)), "B L 4"),
                test(
                        "CumSum reversed",
                        g ->
                                g.op(
                                        "CumSum",
                                        Attributes.of("reverse", 1).with("exclusive", 1),
                                        "x0",
                                        g.integer(-1)),
                        "B L 4"),
                test("Trilu", g -> g.op("Trilu", "x0"), "B 4 4"),
                test(
                        "Trilu lower",
                        g -> g.op("Trilu", Attributes.of("upper", 0), "x0", g.integer(1)),
                        "B L 4"));
    }

    private static DynamicTest test(
            String name, Function<GraphBuilder, String> body, String... inputs) {
        return test(name, new GradientCheck(body, inputs));
    }

    private static DynamicTest test(
            String name, Function<GraphBuilder, String> body, List<String> inputs) {
        return test(name, new GradientCheck(body, inputs.toArray(String[]::new)));
    }

    private static DynamicTest test(String name, GradientCheck check) {
        return DynamicTest.dynamicTest(name, check::verify);
    }
}
