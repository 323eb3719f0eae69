package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads ONNX files strictly and brings them to {@link Graph#OPSET}.
 *
 * <p>Constants become initializers, functions are inlined, {@code Identity} and inference {@code
 * Dropout} go, {@code Attention} becomes the operators it stands for, 16-bit floats become float32,
 * quantised graphs get one form ({@link Rounding}), and merged initializers are given back to their
 * modules; large tensors of other types stay views of the mapped files.
 */
public final class OnnxReader {
    private static final long OLDEST = 9;
    private static final long NEWEST = 23;

    private OnnxReader() {}

    /**
     * Reads a backbone.
     *
     * @param path an ONNX file, or a folder with {@code model.onnx} or one other ONNX file
     * @throws FedFmException FILE_UNREADABLE if there is none; MODEL_INVALID if it is damaged or
     *     reaches outside its folder; MODEL_UNSUPPORTED if it holds what fedfm does not handle
     */
    public static Graph read(Path path) {
        Path file = ModelPath.resolve(path);
        try {
            Path folder = file.toAbsolutePath().getParent();
            return read(OnnxFile.parse(file), folder);
        } catch (FedFmException e) {
            throw new FedFmException(e.code(), file + ": " + e.getMessage(), e);
        }
    }

    private static Graph read(ModelProto model, Path folder) {
        Graph graph = asWritten(model, folder);
        Declared declared = Declared.of(model.getGraph());
        Graph upgraded = OpsetUpgrade.upgrade(graph, declared.ranks());
        upgraded = FusedOperators.expand(upgraded, declared);
        TrainingMode.refuse(upgraded);
        PassThrough.remove(upgraded);
        QuantisedForms.read(upgraded);
        NodeNames.makeUnique(upgraded);
        SharedInitializers.separate(upgraded);
        return upgraded;
    }

    /** The graph at the opset of the file, with the nodes of the file, in float32. */
    static Graph asWritten(ModelProto model, Path folder) {
        long opset = opset(model);
        GraphProto proto = model.getGraph();
        Graph graph = new Graph(Math.toIntExact(opset));
        NodeReader reader = new NodeReader(new TensorReader(new ExternalData(folder)));
        reader.initializers(proto, graph);
        readInputs(proto, graph);
        List<NodeProto> nodes = FunctionInliner.inline(model, opset);
        for (NodeProto node : new DecidedBranches(model, folder, graph, reader).take(nodes)) {
            StandardOperators.checkDomain(node);
            if (ConstantNodes.is(node)) {
                ConstantNodes.read(reader.read(node), graph);
            } else {
                graph.addNode(reader.read(node));
            }
        }
        Set<String> outputs = new HashSet<>();
        for (ValueInfoProto output : proto.getOutputList()) {
            if (!outputs.add(output.getName())) {
                throw invalid("output '" + output.getName() + "' is declared twice");
            }
            graph.addOutput(output.getName());
        }
        if (outputs.isEmpty()) {
            throw invalid("the graph has no outputs; export the model again");
        }
        TopologicalOrder.establish(graph);
        return FullPrecision.widen(graph);
    }

    private static long opset(ModelProto model) {
        if (!model.hasGraph()) {
            throw invalid("holds no graph; it is cut short or no ONNX model");
        }
        if (model.getTrainingInfoCount() > 0) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "is an ONNX training model; export it for inference");
        }
        long opset = 0;
        for (OperatorSetIdProto id : model.getOpsetImportList()) {
            if (NodeReader.domain(id.getDomain()).isEmpty()) {
                opset = id.getVersion();
            }
        }
        if (opset == 0) {
            throw invalid(
                    "does not say its opset; it is cut short or was not written by an exporter");
        }
        if (opset < OLDEST || opset > NEWEST) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "is at opset "
                            + opset
                            + "; export it at an opset from "
                            + OLDEST
                            + " to "
                            + NEWEST);
        }
        return opset;
    }

    /** Old files list initializers as inputs too; those are constants here. */
    private static void readInputs(GraphProto proto, Graph graph) {
        for (ValueInfoProto input : proto.getInputList()) {
            if (graph.inputs().containsKey(input.getName()) || input.getName().isEmpty()) {
                throw invalid("input '" + input.getName() + "' has no name or one that is taken");
            }
            if (!graph.initializers().containsKey(input.getName())) {
                graph.addInput(ValueInfos.read(input));
            }
        }
    }

    private static FedFmException invalid(String message) {
        return new FedFmException(ErrorCode.MODEL_INVALID, message);
    }
}
