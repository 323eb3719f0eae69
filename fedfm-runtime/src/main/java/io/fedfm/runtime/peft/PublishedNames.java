package io.fedfm.runtime.peft;

import com.fasterxml.jackson.databind.JsonNode;
import io.fedfm.runtime.record.SafetensorsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The names of a model's tensors as its publisher stored them, where they lie beside the graph. */
final class PublishedNames {
    private PublishedNames() {}

    /** The names in {@code model.safetensors}; none if there is no such file. */
    static Set<String> of(Path folder) {
        Path file = folder.resolve("model.safetensors");
        Set<String> names = new HashSet<>();
        if (Files.isRegularFile(file)) {
            JsonNode header = SafetensorsReader.header(file);
            header.fieldNames().forEachRemaining(names::add);
        }
        return names;
    }
}
