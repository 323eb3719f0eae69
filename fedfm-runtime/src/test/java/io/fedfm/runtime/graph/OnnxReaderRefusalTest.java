package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TrainingInfoProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OnnxReaderRefusalTest {
    @TempDir private Path folder;

    @Test
    void refusesEveryTruncation() {
        byte[] model = OnnxWriter.write(Models.product(Graph.OPSET));
        for (int length = 0; length < model.length; length++) {
            byte[] cut = Arrays.copyOf(model, length);
            assertThatThrownBy(() -> Models.read(folder, cut))
                    .as("cut at %d of %d", length, model.length)
                    .isInstanceOfSatisfying(
                            FedFmException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID))
                    .hasMessageStartingWith(folder.resolve("model.onnx") + ": ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>not found</html>", "version https://git-lfs.github.com/spec/v1"})
    void refusesOtherFiles(String text) {
        assertThatThrownBy(() -> Models.read(folder, text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID));
    }

    @Test
    void saysWhenThereIsNoFileOrNoneToChoose() throws IOException {
        assertUnreadable(folder.resolve("missing.onnx"), "no such file or folder");
        assertUnreadable(folder, "no ONNX file");
        Files.write(folder.resolve("a.onnx"), new byte[0]);
        Files.write(folder.resolve("b.onnx"), new byte[0]);
        assertUnreadable(folder, "name one of [a.onnx, b.onnx]");
    }

    private static void assertUnreadable(Path path, String what) {
        assertThatThrownBy(() -> OnnxReader.read(path))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_UNREADABLE))
                .hasMessageContaining(path.toString())
                .hasMessageContaining(what);
    }

    @Test
    void refusesModelsWithoutGraphOpsetOrOutputs() {
        invalid("no graph", ModelProto.Builder::clearGraph);
        invalid("does not say its opset", ModelProto.Builder::clearOpsetImport);
        invalid("no outputs", m -> m.getGraphBuilder().clearOutput());
    }

    @Test
    void refusesOpsetsItDoesNotKnow() {
        unsupported("opset 8", m -> m.getOpsetImportBuilder(0).setVersion(8));
        unsupported("opset 24", m -> m.getOpsetImportBuilder(0).setVersion(24));
        unsupported("opset from 9 to 23", m -> m.getOpsetImportBuilder(0).setVersion(1L << 40));
    }

    @Test
    void refusesBrokenWiring() {
        invalid("uses the value 'ghost'", m -> node(m).setInput(0, "ghost"));
        invalid("depends on itself", m -> node(m).setInput(0, "y"));
        invalid(
                "nothing makes the output 'ghost'",
                m -> m.getGraphBuilder().addOutputBuilder().setName("ghost"));
        invalid("'y' is made twice", m -> m.getGraphBuilder().addNode(node(m).clone()));
        invalid("'x' is made twice", m -> node(m).setOutput(0, "x"));
        invalid("'W' is made twice", m -> node(m).setOutput(0, "W"));
        invalid("no first output", m -> node(m).clearOutput());
        invalid("has no input", m -> node(m).setOpType("Identity").clearInput());
        invalid(
                "output 'y' is declared twice",
                m -> m.getGraphBuilder().addOutputBuilder().setName("y"));
        invalid(
                "input 'x' has no name or one that is taken",
                m -> m.getGraphBuilder().addInput(m.getGraph().getInput(0)));
        invalid(
                "initializer 'W' has no name or one that is taken",
                m -> m.getGraphBuilder().addInitializer(m.getGraph().getInitializer(0)));
        invalid("makes no new value", m -> node(m).setOpType("Constant").setOutput(0, "x"));
        invalid(
                "makes no new value",
                m -> m.getGraphBuilder().addNode(NodeProto.newBuilder().setOpType("Constant")));
    }

    @Test
    void refusesWhatItDoesNotTrain() {
        unsupported("training model", m -> m.addTrainingInfo(TrainingInfoProto.newBuilder()));
        unsupported(
                "sparse",
                m -> m.getGraphBuilder().addSparseInitializer(SparseTensorProto.newBuilder()));
        unsupported(
                "export the model without optimisation",
                m -> node(m).setDomain("com.microsoft").setOpType("FusedMatMul"));
        unsupported(
                "branches or loops",
                m ->
                        node(m).setOpType("If")
                                .addAttribute(
                                        AttributeProto.newBuilder()
                                                .setName("then_branch")
                                                .setType(AttributeType.GRAPH)
                                                .setG(GraphProto.newBuilder())));
        unsupported(
                "of a kind that fedfm does not read: SPARSE_TENSOR",
                m ->
                        node(m).addAttribute(
                                        AttributeProto.newBuilder()
                                                .setName("a")
                                                .setType(AttributeType.SPARSE_TENSOR)));
        unsupported(
                "input 'x' is no tensor",
                m ->
                        m.getGraphBuilder()
                                .getInputBuilder(0)
                                .setType(
                                        TypeProto.newBuilder()
                                                .setSequenceType(TypeProto.Sequence.newBuilder())));
        unsupported("its value: []", m -> node(m).setOpType("Constant").clearInput());
    }

    @Test
    void refusesTrainingMode() {
        unsupported(
                "evaluation mode",
                m -> {
                    m.getGraphBuilder()
                            .addInitializer(
                                    TensorProto.newBuilder()
                                            .setName("on")
                                            .setDataType(ElementType.BOOL.onnx())
                                            .addInt32Data(1));
                    node(m).setOpType("Dropout").clearInput().addInput("x").addInput("");
                    node(m).addInput("on");
                });
        unsupported(
                "evaluation mode",
                m -> {
                    node(m).setOpType("Dropout").clearInput().addInput("x").addOutput("mask");
                    m.getGraphBuilder().addOutputBuilder().setName("mask");
                });
        unsupported(
                "evaluation mode",
                m ->
                        node(m).setOpType("BatchNormalization")
                                .addAttribute(
                                        AttributeProto.newBuilder()
                                                .setName("training_mode")
                                                .setType(AttributeType.INT)
                                                .setI(1)));
    }

    @Test
    void refusesTensorsThatDoNotFitTheirShape() {
        invalid("holds 48 bytes where its shape needs 64", m -> tensor(m).setDims(1, 4));
        invalid("has the dimension -1", m -> tensor(m).setDims(0, -1));
        invalid("holds 0 bytes", m -> tensor(m).clearRawData());
        unsupported("above 2 GiB", m -> tensor(m).setDims(0, 1 << 30));
        unsupported("element type 17", m -> tensor(m).setDataType(17));
        unsupported(
                "stored in segments",
                m -> tensor(m).setSegment(TensorProto.Segment.newBuilder().setBegin(0)));
    }

    @Test
    void refusesFaultyAttributes() {
        invalid("attribute 'a' has no type", m -> node(m).addAttributeBuilder().setName("a"));
        invalid(
                "outside of a function",
                m -> node(m).addAttributeBuilder().setName("a").setRefAttrName("b"));
    }

    @Test
    void refusesFunctionsThatCannotBeInlined() {
        invalid(
                "function 'F' calls itself",
                m -> {
                    node(m).setDomain("mine").setOpType("F");
                    NodeProto.Builder call =
                            NodeProto.newBuilder().setDomain("mine").setOpType("F").addOutput("o");
                    m.addFunctions(
                            FunctionProto.newBuilder()
                                    .setDomain("mine")
                                    .setName("F")
                                    .addOutput("o")
                                    .addNode(call));
                });
        unsupported(
                "function 'F' is at opset 18",
                m ->
                        m.addFunctions(
                                FunctionProto.newBuilder()
                                        .setName("F")
                                        .addOpsetImport(
                                                OperatorSetIdProto.newBuilder().setVersion(18))));
    }

    private static NodeProto.Builder node(ModelProto.Builder model) {
        return model.getGraphBuilder().getNodeBuilder(0);
    }

    private static TensorProto.Builder tensor(ModelProto.Builder model) {
        return model.getGraphBuilder().getInitializerBuilder(0);
    }

    private void invalid(String what, Consumer<ModelProto.Builder> damage) {
        assertRefused(ErrorCode.MODEL_INVALID, what, damage);
    }

    private void unsupported(String what, Consumer<ModelProto.Builder> damage) {
        assertRefused(ErrorCode.MODEL_UNSUPPORTED, what, damage);
    }

    private void assertRefused(ErrorCode code, String what, Consumer<ModelProto.Builder> damage) {
        ModelProto.Builder model = Models.proto(Models.product(Graph.OPSET));
        damage.accept(model);
        byte[] bytes = model.build().toByteArray();
        assertThatThrownBy(() -> Models.read(folder, bytes))
                .isInstanceOfSatisfying(
                        FedFmException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining("model.onnx: ")
                .hasMessageContaining(what)
                .satisfies(e -> assertThat(List.of(e.getMessage().split("\n"))).hasSize(1));
    }
}
