package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DecidedBranchesTest {
    @TempDir private Path folder;
    private final Graph graph = new Graph();
    private final GraphBuilder g = new GraphBuilder(graph, "t");

    @Test
    void theBranchOfEqualDimensionsIsTaken() {
        Graph read = Models.read(folder, model("Equal", "x", "y"));

        assertThat(read.nodes()).noneMatch(node -> node.is("If"));
        Tensor x = Tensor.floats(new float[] {1, -2, 3, -4}, 2, 2);
        assertThat(Ort.run(OnnxWriter.write(read), Map.of("x", x, "y", x)).get("z").toFloats())
                .containsExactly(-1, 2, -3, 4);
    }

    @Test
    void theOtherBranchIsTakenWhereTheyDiffer() {
        Graph read = Models.read(folder, model("Equal", "x", "three"));

        assertThat(read.nodes()).extracting(Node::op).contains("Abs").doesNotContain("If", "Neg");
    }

    @Test
    void aComparisonOfSizesIsNotDecided() {
        byte[] model = model("Greater", "x", "three");
        assertThatThrownBy(() -> Models.read(folder, model))
                .hasMessageContaining("branches")
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_UNSUPPORTED));
    }

    /** z = -x if the first dimensions of two values compare so, else |x|. */
    private byte[] model(String comparison, String one, String other) {
        graph.addInput(ValueInfo.of("x", ElementType.FLOAT, "batch", "2"));
        graph.addInput(ValueInfo.of("y", ElementType.FLOAT, "batch", "2"));
        graph.addInitializer("three", Models.random(30, 2));
        String condition = g.op(comparison, g.op("Gather", rows(one)), g.op("Gather", rows(other)));
        graph.addOutput("z");
        ModelProto.Builder model = Models.proto(graph);
        model.getGraphBuilder()
                .addNode(
                        NodeProto.newBuilder()
                                .setOpType("If")
                                .setName("choice")
                                .addInput(condition)
                                .addOutput("z")
                                .addAttribute(branch("then_branch", "Neg"))
                                .addAttribute(branch("else_branch", "Abs")));
        return model.build().toByteArray();
    }

    private String[] rows(String value) {
        return new String[] {g.op("Shape", value), g.integer(0)};
    }

    private static AttributeProto branch(String name, String op) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.GRAPH)
                .setG(
                        GraphProto.newBuilder()
                                .setName(name)
                                .addNode(
                                        NodeProto.newBuilder()
                                                .setOpType(op)
                                                .addInput("x")
                                                .addOutput(name + "/" + op))
                                .addOutput(ValueInfoProto.newBuilder().setName(name + "/" + op)))
                .build();
    }
}
