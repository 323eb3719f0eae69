package io.fedfm.runtime.autodiff;

import static io.fedfm.runtime.autodiff.GradientTests.longs;
import static io.fedfm.runtime.autodiff.GradientTests.test;
import static io.fedfm.runtime.autodiff.GradientTests.vector;

import io.fedfm.runtime.graph.Attributes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Derivatives of what moves and chooses elements, against PyTorch and differences. */
final class ArrangingVjpTest {
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
}
