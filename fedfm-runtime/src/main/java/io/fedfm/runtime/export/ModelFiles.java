package io.fedfm.runtime.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The small files that lie beside a model in the layout of the field's exporters. */
final class ModelFiles {
    private static final String CONFIG = "config.json";

    private static final List<String> COPIED =
            List.of(
                    "LICENSE",
                    "NOTICE",
                    "added_tokens.json",
                    "generation_config.json",
                    "merges.txt",
                    "preprocessor_config.json",
                    "sentencepiece.bpe.model",
                    "special_tokens_map.json",
                    "spiece.model",
                    "tokenizer.json",
                    "tokenizer.model",
                    "tokenizer_config.json",
                    "vocab.json",
                    "vocab.txt");

    private static final ObjectMapper JSON = new ObjectMapper();

    private ModelFiles() {}

    /**
     * Copies what there is; the labels of the run become those of the configuration.
     *
     * @param from the backbone's folder
     * @param labels of the classes, by index; none for a language model
     */
    static void copy(Path from, List<String> labels, Path to) throws IOException {
        for (String name : COPIED) {
            if (Files.isRegularFile(from.resolve(name))) {
                Files.copy(from.resolve(name), to.resolve(name));
            }
        }
        Path config = from.resolve(CONFIG);
        if (Files.isRegularFile(config) || !labels.isEmpty()) {
            Files.writeString(
                    to.resolve(CONFIG), withLabels(config, labels), StandardCharsets.UTF_8);
        }
    }

    private static String withLabels(Path config, List<String> labels) throws IOException {
        JsonNode read =
                Files.isRegularFile(config)
                        ? JSON.readTree(config.toFile())
                        : JSON.createObjectNode();
        if (read instanceof ObjectNode object && !labels.isEmpty()) {
            ObjectNode names = object.putObject("id2label");
            ObjectNode ids = object.putObject("label2id");
            for (int i = 0; i < labels.size(); i++) {
                names.put(Integer.toString(i), labels.get(i));
                ids.put(labels.get(i), i);
            }
            object.remove("num_labels");
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(read) + "\n";
    }
}
