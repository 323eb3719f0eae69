package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Writes graphs as ONNX models; read back, they are the same graph. */
public final class OnnxWriter {
    private OnnxWriter() {}

    /** A model that holds all its constants; it must stay below 2 GiB. */
    public static byte[] write(Graph graph) {
        return model(graph, Slots.NONE, Descriptions.NONE).toByteArray();
    }

    /**
     * A model whose large frozen constants stay in a file.
     *
     * @param weights the file; a constant is in it if both its name and its very tensor are
     */
    public static byte[] write(Graph graph, WeightFile weights) {
        return model(graph, weights::slot, Descriptions.NONE).toByteArray();
    }

    /** Where constants lie that are in a file of their own. */
    @FunctionalInterface
    interface Slots {
        /** All constants are in the model. */
        Slots NONE = (name, tensor) -> Optional.empty();

        Optional<WeightFile.Slot> find(String name, Tensor tensor);
    }

    /**
     * What a model says that a graph does not need.
     *
     * @param outputs what is declared of outputs
     * @param nodes metadata of the node that makes a value
     */
    record Descriptions(Map<String, ValueInfo> outputs, Map<String, Map<String, String>> nodes) {
        static final Descriptions NONE = new Descriptions(Map.of(), Map.of());
    }

    static ModelProto model(Graph held, Slots slots, Descriptions descriptions) {
        Graph graph = QuantisedWriter.write(held);
        ModelProto.Builder model =
                ModelProto.newBuilder()
                        .setIrVersion(irVersion(graph.opset()))
                        .setProducerName("fedfm")
                        .setGraph(graph(graph, slots, descriptions))
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(graph.opset()));
        Set<String> domains = new TreeSet<>();
        graph.nodes().forEach(node -> domains.add(node.domain()));
        domains.remove("");
        for (String domain : domains) {
            model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(1));
        }
        return model.build();
    }

    /**
     * The oldest version of the file format that knows the opset, so that most runtimes read it.
     */
    private static int irVersion(int opset) {
        int[] lastOpset = {9, 10, 11, 14, 18, 20, 22};
        int version = 4;
        for (int last : lastOpset) {
            version += opset > last ? 1 : 0;
        }
        return version;
    }

    private static GraphProto graph(Graph graph, Slots slots, Descriptions descriptions) {
        GraphProto.Builder proto = GraphProto.newBuilder().setName("fedfm");
        graph.inputs().values().forEach(input -> proto.addInput(ValueInfos.write(input)));
        graph.initializers()
                .forEach(
                        (name, tensor) ->
                                proto.addInitializer(
                                        slots.find(name, tensor)
                                                .map(slot -> external(name, tensor, slot))
                                                .orElseGet(() -> embedded(name, tensor))));
        for (Node node : graph.nodes()) {
            proto.addNode(node(node, descriptions.nodes().getOrDefault(node.output(), Map.of())));
        }
        for (String name : graph.outputs()) {
            ValueInfo declared = descriptions.outputs().get(name);
            // The types of outputs follow from the nodes, so their names will do for ORT.
            proto.addOutput(
                    declared == null
                            ? ValueInfoProto.newBuilder().setName(name).build()
                            : ValueInfos.write(declared));
        }
        return proto.build();
    }

    private static TensorProto.Builder header(String name, Tensor tensor) {
        TensorProto.Builder proto =
                TensorProto.newBuilder().setName(name).setDataType(tensor.type().onnx());
        for (long dimension : tensor.shape()) {
            proto.addDims(dimension);
        }
        return proto;
    }

    private static TensorProto embedded(String name, Tensor tensor) {
        return header(name, tensor)
                .setRawData(UnsafeByteOperations.unsafeWrap(tensor.data()))
                .build();
    }

    private static TensorProto external(String name, Tensor tensor, WeightFile.Slot slot) {
        return header(name, tensor)
                .setDataLocation(DataLocation.EXTERNAL)
                .addExternalData(entry("location", slot.location()))
                .addExternalData(entry("offset", Long.toString(slot.offset())))
                .addExternalData(entry("length", Long.toString(slot.length())))
                .build();
    }

    private static NodeProto node(Node node, Map<String, String> metadata) {
        NodeProto.Builder proto =
                NodeProto.newBuilder()
                        .setDomain(node.domain())
                        .setOpType(node.op())
                        .setName(node.name())
                        .addAllInput(node.inputs())
                        .addAllOutput(node.outputs());
        for (String name : node.attributes().names()) {
            proto.addAttribute(attribute(name, node.attributes().value(name)));
        }
        metadata.forEach((key, value) -> proto.addMetadataProps(entry(key, value)));
        if (metadata.isEmpty() && !node.modulePath().equals(ModulePaths.ofName(node.name()))) {
            proto.addMetadataProps(entry(ModulePaths.KEY, node.modulePath()));
        }
        return proto.build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static AttributeProto attribute(String name, Object value) {
        AttributeProto.Builder proto = AttributeProto.newBuilder().setName(name);
        if (value instanceof Long number) {
            proto.setType(AttributeType.INT).setI(number);
        } else if (value instanceof Float number) {
            proto.setType(AttributeType.FLOAT).setF(number);
        } else if (value instanceof String text) {
            proto.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
        } else if (value instanceof Tensor tensor) {
            proto.setType(AttributeType.TENSOR).setT(embedded("", tensor));
        } else if (value instanceof long[] numbers) {
            proto.setType(AttributeType.INTS);
            for (long number : numbers) {
                proto.addInts(number);
            }
        } else if (value instanceof float[] numbers) {
            proto.setType(AttributeType.FLOATS);
            for (float number : numbers) {
                proto.addFloats(number);
            }
        } else if (value instanceof List<?> texts) {
            proto.setType(AttributeType.STRINGS);
            texts.forEach(text -> proto.addStrings(ByteString.copyFromUtf8((String) text)));
        } else {
            throw new IllegalArgumentException(
                    "attribute '" + name + "' is no ONNX value: " + value.getClass());
        }
        return proto.build();
    }
}
