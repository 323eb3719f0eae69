package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnnxReaderTest {
    @TempDir private Path folder;

    @Test
    void readsBackWhatWasWritten() {
        Graph graph = Models.product(Graph.OPSET);
        Attributes attributes =
                Attributes.of("i", 7)
                        .with("f", 0.5f)
                        .with("s", "text")
                        .with("is", new long[] {1, 2})
                        .with("fs", new float[] {1, 2})
                        .with("ss", List.of("a", "b"))
                        .with("t", Tensor.longs(new long[] {3}, 1));
        graph.addNode(new Node("", "Relu", "r", List.of("y"), List.of("z"), attributes, "a.b"));
        graph.addOutput("z");
        byte[] written = OnnxWriter.write(graph);

        Graph read = Models.read(folder, written);

        assertThat(OnnxWriter.write(read)).isEqualTo(written);
        Node node = read.producers().get("z");
        assertThat(node.modulePath()).isEqualTo("a.b");
        assertThat(node.attributes().integer("i", 0)).isEqualTo(7);
        assertThat(node.attributes().number("f", 0)).isEqualTo(0.5f);
        assertThat(node.attributes().text("s", "")).isEqualTo("text");
        assertThat(node.attributes().integers("is")).containsExactly(1, 2);
        assertThat((float[]) node.attributes().value("fs")).containsExactly(1, 2);
        assertThat(node.attributes().texts("ss")).containsExactly("a", "b");
        assertThat(node.attributes().tensor("t").toLongs()).containsExactly(3);
        assertThat(read.inputs().get("x"))
                .isEqualTo(ValueInfo.of("x", ElementType.FLOAT, "batch", "4"));
    }

    @Test
    void takesTheModelOfAFolderOrItsOnlyOnnxFile() throws IOException {
        byte[] model = OnnxWriter.write(Models.product(Graph.OPSET));
        Files.write(folder.resolve("encoder.onnx"), model);
        assertThat(OnnxReader.read(folder).outputs()).containsExactly("y");
        Graph other = Models.product(Graph.OPSET);
        Models.node(other, "Relu", Attributes.none(), List.of("y"), "z");
        other.addOutput("z");
        Models.save(folder, OnnxWriter.write(other));
        assertThat(OnnxReader.read(folder).outputs()).containsExactly("y", "z");
    }

    @Test
    void keepsLargeTensorsInTheMappedFileAndCopiesSmallOnes() {
        Graph graph = new Graph();
        graph.addInitializer("large", Models.random(TensorReader.LARGE));
        graph.addInitializer("small", Models.random(3));
        Models.node(graph, "Identity", Attributes.none(), List.of("large"), "y");
        Models.node(graph, "Identity", Attributes.none(), List.of("small"), "z");
        graph.addOutput("y");
        graph.addOutput("z");
        Graph read = Models.read(folder, OnnxWriter.write(graph));
        assertThat(read.initializers().get("large").data().isDirect()).isTrue();
        assertThat(read.initializers().get("small").data().isDirect()).isFalse();
        assertThat(read.initializers().get("large").data())
                .isEqualTo(graph.initializers().get("large").data());
    }

    @Test
    void readsNumbersFromTypedFields() {
        ModelProto.Builder model = Models.proto(Models.product(Graph.OPSET));
        model.getGraphBuilder()
                .addInitializer(typed("f", ElementType.FLOAT).addFloatData(1.5f).addFloatData(2))
                .addInitializer(typed("d", ElementType.DOUBLE).addDoubleData(1.5).addDoubleData(2))
                .addInitializer(typed("l", ElementType.INT64).addInt64Data(-3).addInt64Data(4))
                .addInitializer(typed("i", ElementType.INT32).addInt32Data(-3).addInt32Data(4))
                .addInitializer(typed("b", ElementType.BOOL).addInt32Data(1).addInt32Data(0))
                .addInitializer(typed("u", ElementType.UINT8).addInt32Data(200).addInt32Data(0))
                .addInitializer(
                        typed("h", ElementType.FLOAT16).addInt32Data(0x3C00).addInt32Data(0xC000));
        Map<String, Tensor> read = Models.read(folder, model.build().toByteArray()).initializers();
        assertThat(read.get("f").toFloats()).containsExactly(1.5f, 2);
        assertThat(read.get("d").data().getDouble()).isEqualTo(1.5);
        assertThat(read.get("l").toLongs()).containsExactly(-3, 4);
        assertThat(read.get("i").toLongs()).containsExactly(-3, 4);
        assertThat(read.get("b").toLongs()).containsExactly(1, 0);
        assertThat(read.get("u").toLongs()).containsExactly(200, 0);
        assertThat(read.get("h").toFloats()).containsExactly(1, -2);
    }

    private static TensorProto.Builder typed(String name, ElementType type) {
        return TensorProto.newBuilder().setName(name).setDataType(type.onnx()).addDims(2);
    }

    @Test
    void turnsConstantNodesIntoInitializers() {
        Graph graph = Models.product(Graph.OPSET);
        constant(graph, "value", Tensor.floats(new float[] {1, 2}, 2), "tensor");
        constant(graph, "value_int", 5, "int");
        constant(graph, "value_ints", new long[] {5, 6}, "ints");
        constant(graph, "value_float", 0.5f, "float");
        constant(graph, "value_floats", new float[] {0.5f, 1}, "floats");
        Graph read = Models.read(folder, OnnxWriter.write(graph));
        assertThat(read.nodes()).extracting(Node::op).containsExactly("MatMul");
        assertThat(read.initializers().get("tensor").toFloats()).containsExactly(1, 2);
        assertThat(read.initializers().get("int").shape()).isEmpty();
        assertThat(read.initializers().get("int").toLongs()).containsExactly(5);
        assertThat(read.initializers().get("ints").toLongs()).containsExactly(5, 6);
        assertThat(read.initializers().get("float").toFloats()).containsExactly(0.5f);
        assertThat(read.initializers().get("floats").toFloats()).containsExactly(0.5f, 1);
    }

    private static void constant(Graph graph, String attribute, Object value, String name) {
        Models.node(graph, "Constant", Attributes.of(attribute, value), List.of(), name);
    }

    @Test
    void rewiresAroundIdentityAndInferenceDropout() {
        Graph graph = Models.product(Graph.OPSET);
        graph.clearOutputs();
        graph.addInitializer("rate", Tensor.floats(new float[] {0.1f}));
        graph.addInitializer("off", Tensor.longs(new long[] {0}));
        Models.node(graph, "Dropout", Attributes.none(), List.of("y", "rate"), "d", "mask");
        Models.node(graph, "Identity", Attributes.none(), List.of("d"), "i");
        Models.node(graph, "Identity", Attributes.none(), List.of("W"), "W2");
        Models.node(graph, "Add", Attributes.none(), List.of("i", "y"), "sum");
        Models.node(graph, "Identity", Attributes.none(), List.of("sum"), "out");
        Models.node(graph, "Identity", Attributes.none(), List.of("sum"), "same");
        Models.node(graph, "Identity", Attributes.none(), List.of("x"), "input");
        Models.node(graph, "MatMul", Attributes.none(), List.of("x", "W2"), "again");
        List.of("out", "same", "input", "again").forEach(graph::addOutput);

        Graph read = Models.read(folder, OnnxWriter.write(graph));

        assertThat(read.outputs()).containsExactly("out", "same", "input", "again");
        Map<String, Node> producers = read.producers();
        assertThat(producers.get("out").op()).isEqualTo("Add");
        assertThat(producers.get("out").inputs()).containsExactly("y", "y");
        assertThat(producers.get("same").inputs()).containsExactly("out");
        assertThat(producers.get("input").op()).isEqualTo("Identity");
        assertThat(producers.get("again").inputs()).containsExactly("x", "W");
        assertThat(read.nodes()).hasSize(5);
        Map<String, Tensor> feeds = Models.examples(graph);
        Map<String, Tensor> expected = Ort.run(OnnxWriter.write(graph), feeds);
        Map<String, Tensor> actual = Ort.run(OnnxWriter.write(read), feeds);
        expected.forEach(
                (name, tensor) ->
                        assertThat(actual.get(name).toFloats()).isEqualTo(tensor.toFloats()));
    }

    @Test
    void takesInitializersThatAreInputsTooAsConstants() {
        Graph graph = Models.product(Graph.OPSET);
        graph.addInput(ValueInfo.of("W", ElementType.FLOAT, "4", "3"));
        Graph read = Models.read(folder, OnnxWriter.write(graph));
        assertThat(read.inputs()).containsOnlyKeys("x");
        assertThat(read.initializers()).containsOnlyKeys("W");
    }

    @Test
    void sortsNodesAndNamesThemApart() {
        Graph graph = new Graph();
        graph.addInput(ValueInfo.of("x", ElementType.FLOAT, "batch"));
        node(graph, "same", "c", "d");
        node(graph, "", "b", "c");
        node(graph, "same", "a", "b");
        node(graph, "", "x", "a");
        graph.addOutput("d");
        Graph read = Models.read(folder, OnnxWriter.write(graph));
        assertThat(read.nodes()).extracting(Node::output).containsExactly("a", "b", "c", "d");
        assertThat(read.nodes()).extracting(Node::name).doesNotHaveDuplicates().doesNotContain("");
    }

    private static void node(Graph graph, String name, String input, String output) {
        graph.addNode(Node.of("Relu", name, List.of(input), List.of(output), Attributes.none()));
    }

    @Test
    void inlinesFunctions() {
        Graph graph = Models.product(Graph.OPSET);
        graph.clearOutputs();
        Attributes alpha = Attributes.of("slope", 0.25f);
        graph.addNode(new Node("mine", "Twice", "t", List.of("y"), List.of("z"), alpha, ""));
        graph.addNode(
                new Node("mine", "Twice", "u", List.of("z"), List.of("w"), Attributes.none(), ""));
        graph.addOutput("w");
        ModelProto.Builder model = Models.proto(graph);
        model.addFunctions(function("Leak", "LeakyRelu", "", "alpha"));
        model.addFunctions(function("Twice", "Leak", "mine", "slope"));
        byte[] bytes = model.build().toByteArray();

        Graph read = Models.read(folder, bytes);

        assertThat(read.nodes()).extracting(Node::domain).containsOnly("");
        assertThat(read.nodes())
                .extracting(Node::op)
                .containsExactly("MatMul", "LeakyRelu", "LeakyRelu", "LeakyRelu", "LeakyRelu");
        Map<String, Tensor> feeds = Models.examples(graph);
        assertThat(Ort.run(OnnxWriter.write(read), feeds).get("w").toFloats())
                .isEqualTo(Ort.run(bytes, feeds).get("w").toFloats());
    }

    /** f(in) = op(op(in)), its attribute handed on under its own name. */
    private static FunctionProto function(String name, String op, String domain, String passed) {
        AttributeProto attribute =
                AttributeProto.newBuilder()
                        .setName("alpha")
                        .setType(AttributeType.FLOAT)
                        .setRefAttrName(passed)
                        .build();
        NodeProto.Builder node =
                NodeProto.newBuilder().setOpType(op).setDomain(domain).addAttribute(attribute);
        FunctionProto.Builder function =
                FunctionProto.newBuilder()
                        .setName(name)
                        .setDomain("mine")
                        .addInput("in")
                        .addOutput("out")
                        .addAttribute(passed)
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(Graph.OPSET))
                        .addOpsetImport(
                                OperatorSetIdProto.newBuilder().setDomain("mine").setVersion(1));
        if (op.equals("LeakyRelu")) {
            return function.addNode(node.addInput("in").addOutput("out")).build();
        }
        return function.addNode(node.clone().addInput("in").addOutput("mid"))
                .addNode(node.clone().addInput("mid").addOutput("out"))
                .build();
    }

    @Test
    void takesModulePathsFromTheExportersMetadata() {
        ModelProto.Builder model = Models.proto(Models.product(Graph.OPSET));
        model.getGraphBuilder()
                .getNodeBuilder(0)
                .addMetadataProps(
                        StringStringEntryProto.newBuilder()
                                .setKey("pkg.torch.onnx.name_scopes")
                                .setValue("['', 'encoder', 'encoder.layer.0', 'linear_1']"));
        Graph read = Models.read(folder, model.build().toByteArray());
        assertThat(read.nodes().get(0).modulePath()).isEqualTo("encoder.layer.0");
    }

    @Test
    void takesTheStandardDomainUnderItsLongName() {
        ModelProto.Builder model = Models.proto(Models.product(Graph.OPSET));
        model.getOpsetImportBuilder(0).setDomain("ai.onnx");
        model.getGraphBuilder().getNodeBuilder(0).setDomain("ai.onnx");
        assertThat(Models.read(folder, model.build().toByteArray()).nodes().get(0).is("MatMul"))
                .isTrue();
    }

    @Test
    void readsRawDataOfAnyAlignment() {
        ModelProto.Builder model = Models.proto(Models.product(Graph.OPSET));
        byte[] raw = model.getGraph().getInitializer(0).getRawData().toByteArray();
        for (int shift = 0; shift < 4; shift++) {
            model.setProducerName("x".repeat(shift));
            model.getGraphBuilder().getInitializerBuilder(0).setRawData(ByteString.copyFrom(raw));
            Graph read = Models.read(folder, model.build().toByteArray());
            assertThat(read.initializers().get("W").toFloats())
                    .isEqualTo(Models.random(4, 3).toFloats());
        }
    }
}
