package io.fedfm.runtime.deploy;

import com.google.flatbuffers.FlatBufferBuilder;
import io.fedfm.runtime.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * ONNX Runtime's {@code .onnx_adapter}: a flatbuffer of named tensors, each a default that is
 * replaced while the adapter is active.
 *
 * <pre>
 * table Parameter { name:string; dims:[int64]; data_type:int32; raw_data:[uint8] (force_align: 8); }
 * table Adapter   { format_version:int; adapter_version:int; model_version:int; parameters:[Parameter]; }
 * root_type Adapter; file_identifier "TORT";
 * </pre>
 */
final class AdapterFile {
    private static final String IDENTIFIER = "TORT";
    private static final int FORMAT_VERSION = 1;
    private static final int VERSION = 1;
    private static final int FIELDS = 4;
    private static final int ALIGNMENT = 8;

    private AdapterFile() {}

    /** Writes a file; the parameters in the order of the map. */
    static void write(Map<String, Tensor> parameters, Path file) throws IOException {
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = bytes(parameters);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
    }

    private static ByteBuffer bytes(Map<String, Tensor> parameters) {
        FlatBufferBuilder b = new FlatBufferBuilder();
        int[] tables =
                parameters.entrySet().stream()
                        .mapToInt(entry -> parameter(b, entry.getKey(), entry.getValue()))
                        .toArray();
        int vector = b.createVectorOfTables(tables);
        b.startTable(FIELDS);
        b.addInt(0, FORMAT_VERSION, 0);
        b.addInt(1, VERSION, 0);
        b.addInt(2, VERSION, 0);
        b.addOffset(3, vector, 0);
        b.finish(b.endTable(), IDENTIFIER);
        return b.dataBuffer();
    }

    private static int parameter(FlatBufferBuilder b, String name, Tensor tensor) {
        ByteBuffer data = tensor.data();
        // The builder ends the vector that it hands out for filling.
        b.createUnintializedVector(1, data.remaining(), ALIGNMENT).put(data);
        int raw = b.endVector();
        int dimensions = dimensions(b, tensor.shape());
        int text = b.createString(name);
        b.startTable(FIELDS);
        b.addOffset(0, text, 0);
        b.addOffset(1, dimensions, 0);
        b.addInt(2, tensor.type().onnx(), 0);
        b.addOffset(3, raw, 0);
        return b.endTable();
    }

    /** Flatbuffers are written from their end. */
    private static int dimensions(FlatBufferBuilder b, long[] shape) {
        b.startVector(Long.BYTES, shape.length, Long.BYTES);
        for (int i = shape.length - 1; i >= 0; i--) {
            b.addLong(shape[i]);
        }
        return b.endVector();
    }
}
