package io.fedfm.runtime.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Finds the id of a model's padding token.
 *
 * <p>It is looked for in {@code config.json} (pad_token_id), in {@code tokenizer.json} (padding),
 * in {@code tokenizer_config.json} and {@code special_tokens_map.json} (pad_token), and among the
 * added tokens under its usual names. A model without one is given 0: padding is masked, so any id
 * serves.
 */
final class PaddingToken {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PaddingToken() {}

    static long find(Path folder) {
        JsonNode declared = read(folder.resolve("config.json")).path("pad_token_id");
        if (declared.isIntegralNumber()) {
            return declared.asLong();
        }
        JsonNode tokenizer = read(folder.resolve("tokenizer.json"));
        JsonNode padding = tokenizer.path("padding").path("pad_id");
        if (padding.isIntegralNumber()) {
            return padding.asLong();
        }
        for (String name :
                new String[] {
                    token(folder.resolve("tokenizer_config.json")),
                    token(folder.resolve("special_tokens_map.json")),
                    "[PAD]",
                    "<pad>",
                    "<|padding|>"
                }) {
            OptionalLong id = id(tokenizer, name);
            if (id.isPresent()) {
                return id.getAsLong();
            }
        }
        return 0;
    }

    private static String token(Path file) {
        JsonNode token = read(file).path("pad_token");
        return token.isObject() ? token.path("content").asText() : token.asText("");
    }

    private static OptionalLong id(JsonNode tokenizer, String name) {
        for (JsonNode added : tokenizer.path("added_tokens")) {
            if (added.path("content").asText().equals(name)) {
                return OptionalLong.of(added.path("id").asLong());
            }
        }
        JsonNode id = tokenizer.path("model").path("vocab").path(name);
        return id.isIntegralNumber() ? OptionalLong.of(id.asLong()) : OptionalLong.empty();
    }

    private static JsonNode read(Path file) {
        if (!Files.isRegularFile(file)) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID, file + " is not JSON: " + e.getMessage(), e);
        }
    }
}
