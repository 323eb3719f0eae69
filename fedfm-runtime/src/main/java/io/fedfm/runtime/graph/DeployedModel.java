package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.fedfm.runtime.graph.OnnxWriter.Descriptions;
import io.fedfm.runtime.graph.OnnxWriter.Slots;
import io.fedfm.runtime.graph.WeightFile.Slot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A model that others run: {@code model.onnx}, with {@code model.onnx_data} beside it where the
 * constants are too many for one file.
 *
 * @param graph the graph
 * @param outputs what is declared of outputs
 * @param metadata of nodes, by the name of their first output
 * @param external whether the constants lie beside the model, however few they are
 */
public record DeployedModel(
        Graph graph,
        Map<String, ValueInfo> outputs,
        Map<String, Map<String, String>> metadata,
        boolean external) {
    /** The name of the model's file. */
    public static final String FILE = "model.onnx";

    /**
     * Above this many bytes of constants a model would come near the 2 GiB that a file may have.
     */
    private static final long MOST_INSIDE = 1_500_000_000;

    private static final String DATA = FILE + "_data";

    /** Tensors start on pages, so that they can be mapped. */
    private static final long PAGE = 4096;

    /** Copies the maps. */
    public DeployedModel {
        outputs = Map.copyOf(outputs);
        metadata = Map.copyOf(metadata);
    }

    /**
     * Writes the files into a folder, and the large tensors straight from where they are mapped.
     */
    public void write(Path folder) throws IOException {
        Map<String, Slot> slots = external || bytes() > MOST_INSIDE ? place() : Map.of();
        if (!slots.isEmpty()) {
            writeData(folder.resolve(DATA), slots);
        }
        Slots found = (name, tensor) -> Optional.ofNullable(slots.get(name));
        ModelProto model = OnnxWriter.model(graph, found, new Descriptions(outputs, metadata));
        try (OutputStream out = Files.newOutputStream(folder.resolve(FILE))) {
            model.writeTo(out);
        }
    }

    private long bytes() {
        return graph.initializers().values().stream()
                .mapToLong(tensor -> tensor.data().remaining())
                .sum();
    }

    private Map<String, Slot> place() {
        Map<String, Slot> slots = new HashMap<>();
        long offset = 0;
        for (Map.Entry<String, Tensor> constant : graph.initializers().entrySet()) {
            long length = constant.getValue().data().remaining();
            if (length >= WeightFile.SMALLEST) {
                slots.put(constant.getKey(), new Slot(DATA, offset, length));
                offset = (offset + length + PAGE - 1) / PAGE * PAGE;
            }
        }
        return slots;
    }

    private void writeData(Path file, Map<String, Slot> slots) throws IOException {
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (Map.Entry<String, Slot> slot : slots.entrySet()) {
                ByteBuffer data = graph.initializers().get(slot.getKey()).data();
                long position = slot.getValue().offset();
                while (data.hasRemaining()) {
                    position += out.write(data, position);
                }
            }
        }
    }
}
