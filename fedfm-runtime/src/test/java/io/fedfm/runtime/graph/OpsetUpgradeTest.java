package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime runs the old model and the upgraded one; their outputs are the same bits. */
final class OpsetUpgradeTest {
    @TempDir private Path folder;

    static Stream<Arguments> conversions() {
        List<Arguments> all = new ArrayList<>();
        for (String softmax : List.of("Softmax", "LogSoftmax")) {
            for (int opset : new int[] {9, 11, 12, 13}) {
                add(all, opset, softmax, Attributes.none(), 1, "2", "3", "4");
                add(all, opset, softmax, Attributes.of("axis", 2), 1, "2", "3", "4");
                add(all, opset, softmax, Attributes.of("axis", 0), 1, "2", "3", "4");
            }
            add(all, 11, softmax, Attributes.of("axis", -1), 1, "2", "3", "4");
            add(all, 11, softmax, Attributes.of("axis", -2), 1, "2", "3", "4");
        }
        for (int opset : new int[] {9, 11, 13, 17, 18}) {
            String[] x = {"2", "3", "4"};
            if (opset < 18) {
                Attributes axes = Attributes.of("axes", new long[] {1});
                add(all, opset, "ReduceMean", axes, 1, x);
                add(all, opset, "ReduceMax", axes.with("keepdims", 0), 1, x);
                add(all, opset, "ReduceL2", axes, 1, x);
            }
            if (opset < 13) {
                Attributes axes = Attributes.of("axes", new long[] {0, 2});
                add(all, opset, "ReduceSum", axes.with("keepdims", 0), 1, x);
                add(all, opset, "Unsqueeze", axes, 1, x);
                add(all, opset, "Squeeze", axes, 1, "1", "3", "1");
                Attributes sizes = Attributes.of("split", new long[] {1, 3}).with("axis", 2);
                add(all, opset, "Split", sizes, 2, x);
            }
            add(all, opset, "ReduceSum", Attributes.none(), 1, x);
            add(all, opset, "ReduceMean", Attributes.none(), 1, x);
            add(all, opset, "Squeeze", Attributes.none(), 1, "1", "3", "1");
            add(all, opset, "Flatten", Attributes.of("axis", 2), 1, x);
            add(all, opset, "ArgMax", Attributes.of("axis", 1), 1, x);
            add(all, opset, "Concat", Attributes.of("axis", 1), 1, x);
            add(all, opset, "Cast", Attributes.of("to", ElementType.INT64.onnx()), 1, x);
            add(all, opset, "Dropout", Attributes.none(), 1, x);
            if (opset < 18) {
                add(all, opset, "Split", Attributes.of("axis", 2), 2, x);
            }
        }
        add(
                all,
                9,
                "Slice",
                Attributes.of("starts", new long[] {1, -3})
                        .with("ends", new long[] {9, -1})
                        .with("axes", new long[] {1, 2}),
                1,
                "2",
                "3",
                "4");
        Attributes corner = Attributes.of("starts", new long[] {1}).with("ends", new long[] {2});
        add(all, 9, "Slice", corner, 1, "2", "3");
        add(all, 9, "Clip", Attributes.of("min", -0.5f).with("max", 0.25f), 1, "2", "3");
        add(all, 9, "Clip", Attributes.of("max", 0f), 1, "2", "3");
        add(all, 10, "Clip", Attributes.none(), 1, "2", "3");
        Attributes pads = Attributes.of("pads", new long[] {1, 0, 0, 2});
        add(all, 9, "Pad", pads.with("value", 3f), 1, "2", "3");
        add(all, 10, "Pad", pads.with("mode", "reflect"), 1, "2", "3");
        add(all, 9, "TopK", Attributes.of("k", 2).with("axis", 1), 2, "2", "4");
        return all.stream();
    }

    private static void add(
            List<Arguments> all,
            int opset,
            String op,
            Attributes attributes,
            int outputs,
            String... dimensions) {
        all.add(Arguments.of(opset, op, attributes, outputs, dimensions));
    }

    @ParameterizedTest(name = "{1} at opset {0}, case {index}")
    @MethodSource("conversions")
    void givesTheOutputsOfTheOldModel(
            int opset, String op, Attributes attributes, int outputs, String[] dimensions) {
        Graph old = new Graph(opset);
        old.addInput(ValueInfo.of("x", ElementType.FLOAT, dimensions));
        String[] names =
                Stream.iterate(0, i -> i + 1)
                        .limit(outputs)
                        .map(i -> "y" + i)
                        .toArray(String[]::new);
        Models.node(old, op, attributes, List.of("x"), names);
        Arrays.stream(names).forEach(old::addOutput);
        assertSame(old);
    }

    @Test
    void keepsTheLastAxisOfAnOldSoftmaxWhereReshapesAndTransposesTellTheRank() {
        Graph old = new Graph(11);
        old.addInput(ValueInfo.of("x", ElementType.FLOAT, "batch", "4", "6"));
        old.addInitializer("one", Tensor.longs(new long[] {1}));
        Models.node(old, "Shape", Attributes.none(), List.of("x"), "shape");
        old.addInitializer("zero", Tensor.longs(new long[] {0}));
        Models.node(old, "Gather", Attributes.none(), List.of("shape", "zero"), "b");
        Models.node(old, "Unsqueeze", Attributes.of("axes", new long[] {0}), List.of("b"), "b1");
        old.addInitializer("rest", Tensor.longs(new long[] {4, 2, 3}, 3));
        Models.node(old, "Concat", Attributes.of("axis", 0), List.of("b1", "rest"), "to");
        Models.node(old, "Reshape", Attributes.none(), List.of("x", "to"), "r");
        Attributes heads = Attributes.of("perm", new long[] {0, 2, 1, 3});
        Attributes turned = Attributes.of("perm", new long[] {0, 2, 3, 1});
        Models.node(old, "Transpose", heads, List.of("r"), "q");
        Models.node(old, "Transpose", turned, List.of("r"), "k");
        Models.node(old, "MatMul", Attributes.none(), List.of("q", "k"), "scores");
        Models.node(old, "Add", Attributes.none(), List.of("scores", "mask"), "masked");
        old.addInput(ValueInfo.of("mask", ElementType.FLOAT, "batch", "1", "1", "4"));
        Models.node(old, "Softmax", Attributes.of("axis", 3), List.of("masked"), "y");
        old.addOutput("y");

        Graph upgraded = assertSame(old);

        Node softmax = upgraded.producers().get("y");
        assertThat(softmax.is("Softmax")).isTrue();
        assertThat(softmax.attributes().integer("axis", 0)).isEqualTo(-1);
    }

    @Test
    void convertsOperatorsWithConstants() {
        assertSame(
                images(
                        9,
                        graph -> {
                            for (String name : List.of("scale", "shift", "mean")) {
                                graph.addInitializer(name, Models.random(3));
                            }
                            graph.addInitializer("var", Tensor.floats(new float[] {1, 2, 3}, 3));
                            List<String> inputs = List.of("x", "scale", "shift", "mean", "var");
                            Models.node(
                                    graph, "BatchNormalization", Attributes.none(), inputs, "y");
                        }));
        assertSame(images(9, graph -> resize(graph, "Upsample", 2)));
        assertSame(images(10, graph -> resize(graph, "Resize", 2)));
        Graph scatter = new Graph(9);
        scatter.addInput(ValueInfo.of("x", ElementType.FLOAT, "2", "4"));
        scatter.addInitializer("at", Tensor.longs(new long[] {1, 0}, 2, 1));
        scatter.addInitializer("new", Tensor.floats(new float[] {5, 6}, 2, 1));
        Attributes axis = Attributes.of("axis", 1);
        Models.node(scatter, "Scatter", axis, List.of("x", "at", "new"), "y");
        scatter.addOutput("y");
        assertSame(scatter);
    }

    @Test
    void keepsHigherOpsets() {
        for (int opset = Graph.OPSET + 1; opset <= 23; opset++) {
            Graph graph = Models.product(opset);
            byte[] model = OnnxWriter.write(graph);
            Graph read = Models.read(folder, model);
            assertThat(read.opset()).isEqualTo(opset);
            SameOutputs.assertSame(model, read, Models.examples(graph), folder);
        }
    }

    @Test
    void refusesByNameWhatChangedAndIsNotConverted() {
        assertRefused(images(10, graph -> resize(graph, "Resize", 0.5f)), "Resize", "opset 11");
        assertRefused(simple(11, "Hardmax", "y"), "Hardmax", "opset 13");
        assertRefused(simple(9, "NoSuchOperator", "y"), "NoSuchOperator", "without it");
        assertRefused(simple(20, "GroupNormalization", "y"), "GroupNormalization", "opset 21");
        Graph training = simple(9, "BatchNormalization", "y", "mean");
        assertRefused(training, "BatchNormalization", "evaluation mode");
    }

    @Test
    void saysWhichAttributeIsMissingOrWrong() {
        assertInvalid(simple(9, "Slice", "y"), "lacks the attribute 'starts'");
        Graph graph = new Graph(9);
        graph.addInput(ValueInfo.of("x", ElementType.FLOAT, "2", "4"));
        Models.node(graph, "Softmax", Attributes.of("axis", "one"), List.of("x"), "y");
        graph.addOutput("y");
        assertInvalid(graph, "attribute of the wrong type");
    }

    private static Graph simple(int opset, String op, String... outputs) {
        Graph graph = new Graph(opset);
        graph.addInput(ValueInfo.of("x", ElementType.FLOAT, "2", "4"));
        Models.node(graph, op, Attributes.none(), List.of("x"), outputs);
        graph.addOutput("y");
        return graph;
    }

    private static Graph images(int opset, Consumer<Graph> body) {
        Graph graph = new Graph(opset);
        graph.addInput(ValueInfo.of("x", ElementType.FLOAT, "batch", "3", "4", "4"));
        body.accept(graph);
        graph.addOutput("y");
        return graph;
    }

    private static void resize(Graph graph, String op, float factor) {
        graph.addInitializer("scales", Tensor.floats(new float[] {1, 1, factor, 2}, 4));
        Attributes nearest = Attributes.of("mode", "nearest");
        Models.node(graph, op, nearest, List.of("x", "scales"), "y");
    }

    private Graph assertSame(Graph old) {
        byte[] before = OnnxWriter.write(old);
        Graph upgraded = Models.read(folder, before);
        assertThat(upgraded.opset()).isEqualTo(Graph.OPSET);
        SameOutputs.assertSame(before, upgraded, Models.examples(old), folder);
        return upgraded;
    }

    private void assertRefused(Graph graph, String operator, String advice) {
        assertThatThrownBy(() -> Models.read(folder, OnnxWriter.write(graph)))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED))
                .hasMessageContaining(operator)
                .hasMessageContaining(advice);
    }

    private void assertInvalid(Graph graph, String what) {
        assertThatThrownBy(() -> Models.read(folder, OnnxWriter.write(graph)))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID))
                .hasMessageContaining(what);
    }
}
