package io.fedfm.runtime.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.program.Batch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Batches and the logits that a run gives of them, a JSON object a line, for comparisons elsewhere:
 * {@code {"inputs": {name: {"type", "shape", "values"}}, "logits": {..}}}.
 */
final class SavedBatches {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> lines = new ArrayList<>();

    /** Adds a batch, without its labels. */
    void add(Batch batch, Tensor logits) {
        Map<String, Object> inputs = new TreeMap<>();
        batch.feeds()
                .forEach(
                        (name, tensor) -> {
                            if (!name.equals(Batch.LABELS)) {
                                inputs.put(name, json(tensor));
                            }
                        });
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("inputs", inputs);
        line.put("logits", json(logits));
        lines.add(JSON.valueToTree(line).toString());
    }

    /** Writes all. */
    void write(Path file) {
        try {
            Files.write(file, lines, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new FedFmException(ErrorCode.RUN_FAILED, "cannot write " + file + ": " + e, e);
        }
    }

    private static Map<String, Object> json(Tensor tensor) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", tensor.type() == ElementType.FLOAT ? "float32" : "int64");
        object.put("shape", tensor.shape());
        object.put(
                "values",
                tensor.type() == ElementType.FLOAT ? tensor.toFloats() : tensor.toLongs());
        return object;
    }
}
