package io.fedfm.runtime.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a vector as safetensors: length of the header u64, header (JSON, padded to eight bytes),
 * floats; all little-endian. Tensors stand in the order of the layout, so that equal vectors give
 * equal bytes.
 */
public final class SafetensorsWriter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {}

    /** Writes a file. */
    public static void write(ParameterVector vector, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            write(vector, out);
        }
    }

    /** The SHA-256 of the file that would be written: {@code adapter_sha256}. */
    public static String sha256(ParameterVector vector) {
        try {
            return Sha256.of(out -> write(vector, out));
        } catch (IOException e) {
            throw new UncheckedIOException("a digest does not fail", e);
        }
    }

    private static void write(ParameterVector vector, OutputStream out) throws IOException {
        byte[] header = header(vector.layout());
        out.write(
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .array());
        out.write(header);
        try {
            vector.forEachChunk((from, count) -> writeFloats(vector, from, count, out));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void writeFloats(
            ParameterVector vector, long from, int count, OutputStream out) {
        ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector.floats(from, count));
        try {
            out.write(bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] header(ParameterLayout layout) throws JsonProcessingException {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("__metadata__", Map.of("format", "pt"));
        for (ParameterLayout.Entry entry : layout.entries()) {
            long begin = entry.offset() * Float.BYTES;
            Map<String, Object> tensor = new LinkedHashMap<>();
            tensor.put("dtype", "F32");
            tensor.put("shape", entry.shape());
            tensor.put("data_offsets", List.of(begin, begin + entry.size() * Float.BYTES));
            header.put(entry.name(), tensor);
        }
        byte[] json = JSON.writeValueAsBytes(header);
        int padding = Math.floorMod(-json.length, ALIGNMENT);
        return (new String(json, StandardCharsets.UTF_8) + " ".repeat(padding))
                .getBytes(StandardCharsets.UTF_8);
    }
}
