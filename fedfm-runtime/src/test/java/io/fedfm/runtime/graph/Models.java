package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small models for tests, also of old opsets and with defects. */
final class Models {
    private Models() {}

    /** Adds a node named after its output. */
    static void node(
            Graph graph, String op, Attributes attributes, List<String> inputs, String... outputs) {
        graph.addNode(Node.of(op, outputs[0] + "_node", inputs, List.of(outputs), attributes));
    }

    /** y = x W, x [batch, 4] and W [4, 3]. */
    static Graph product(int opset) {
        Graph graph = new Graph(opset);
        graph.addInput(ValueInfo.of("x", ElementType.FLOAT, "batch", "4"));
        graph.addInitializer("W", random(4, 3));
        node(graph, "MatMul", Attributes.none(), List.of("x", "W"), "y");
        graph.addOutput("y");
        return graph;
    }

    /** The file format's own view of a graph, to be damaged. */
    static ModelProto.Builder proto(Graph graph) {
        try {
            return ModelProto.parseFrom(OnnxWriter.write(graph)).toBuilder();
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path save(Path folder, byte[] model) {
        try {
            return Files.write(folder.resolve("model.onnx"), model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Graph read(Path folder, byte[] model) {
        return OnnxReader.read(save(folder, model));
    }

    static Tensor random(long... shape) {
        Random random = new Random(7);
        return TensorFill.fill(ElementType.FLOAT, shape, i -> random.nextGaussian());
    }

    static Map<String, Tensor> examples(Graph graph) {
        return ExampleInputs.make(graph, 2, 5, new Random(3), true);
    }
}
