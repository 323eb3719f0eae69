package io.fedfm.runtime.autodiff;

import static io.fedfm.runtime.autodiff.GradientTests.test;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Derivatives of functions of elements, against PyTorch and differences. */
final class ElementWiseVjpTest {
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
}
