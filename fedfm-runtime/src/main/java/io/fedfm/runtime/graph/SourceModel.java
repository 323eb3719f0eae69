package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.fedfm.api.FedFmException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model as its file has it: its own opset and its own nodes, where {@link OnnxReader} gives the
 * same graph at {@link Graph#OPSET} and without what hands values on.
 *
 * <p>Constants are initializers, functions are inlined, and 16-bit floats are float32 here too.
 *
 * @param graph its values have the names that they have in the graph of {@link OnnxReader}
 * @param outputs what the file declares of its outputs
 * @param metadata of nodes, by the name of their first output
 * @param external whether the file keeps tensors outside
 */
public record SourceModel(
        Graph graph,
        Map<String, ValueInfo> outputs,
        Map<String, Map<String, String>> metadata,
        boolean external) {
    /** Copies the maps. */
    public SourceModel {
        outputs = Map.copyOf(outputs);
        metadata = Map.copyOf(metadata);
    }

    /**
     * Reads a model.
     *
     * @param path an ONNX file, or a folder with {@code model.onnx} or one other ONNX file
     * @throws FedFmException as {@link OnnxReader#read}
     */
    public static SourceModel read(Path path) {
        Path file = ModelPath.resolve(path);
        try {
            ModelProto model = OnnxFile.parse(file);
            Path folder = file.toAbsolutePath().getParent();
            Graph graph = OnnxReader.asWritten(model, folder);
            GraphProto proto = model.getGraph();
            boolean external =
                    proto.getInitializerList().stream()
                            .anyMatch(t -> t.getDataLocation() == DataLocation.EXTERNAL);
            return new SourceModel(graph, outputs(proto), metadata(proto), external);
        } catch (FedFmException e) {
            throw new FedFmException(e.code(), file + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, ValueInfo> outputs(GraphProto proto) {
        Map<String, ValueInfo> outputs = new LinkedHashMap<>();
        for (ValueInfoProto output : proto.getOutputList()) {
            if (output.getType().getTensorType().hasShape()) {
                outputs.put(output.getName(), FullPrecision.widen(ValueInfos.read(output)));
            }
        }
        return outputs;
    }

    private static Map<String, Map<String, String>> metadata(GraphProto proto) {
        Map<String, Map<String, String>> metadata = new HashMap<>();
        for (NodeProto node : proto.getNodeList()) {
            Map<String, String> own = new LinkedHashMap<>();
            for (StringStringEntryProto entry : node.getMetadataPropsList()) {
                own.put(entry.getKey(), entry.getValue());
            }
            if (!own.isEmpty()) {
                metadata.put(node.getOutput(0), own);
            }
        }
        return metadata;
    }
}
