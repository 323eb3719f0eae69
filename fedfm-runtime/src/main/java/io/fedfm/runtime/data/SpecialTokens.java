package io.fedfm.runtime.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Finds the ids of a model's padding and of the end of a sequence.
 *
 * <p>They are looked for in {@code config.json} (pad_token_id, eos_token_id), in {@code
 * tokenizer.json} (padding alone), in {@code tokenizer_config.json} and {@code
 * special_tokens_map.json} (pad_token, eos_token), and among the added tokens under their usual
 * names. A model without padding is given 0: padding is masked, so any id serves.
 */
final class SpecialTokens {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SpecialTokens() {}

    /** The id that fills short rows. */
    static long padding(Path folder) {
        OptionalLong declared = declared(folder, "pad_token_id");
        if (declared.isPresent()) {
            return declared.getAsLong();
        }
        JsonNode tokenizer = read(folder.resolve("tokenizer.json"));
        JsonNode padding = tokenizer.path("padding").path("pad_id");
        if (padding.isIntegralNumber()) {
            return padding.asLong();
        }
        return named(folder, tokenizer, "pad_token", "[PAD]", "<pad>", "<|padding|>").orElse(0);
    }

    /** The id that ends a sequence, if the model has one. */
    static OptionalLong end(Path folder) {
        OptionalLong declared = declared(folder, "eos_token_id");
        if (declared.isPresent()) {
            return declared;
        }
        JsonNode tokenizer = read(folder.resolve("tokenizer.json"));
        return named(folder, tokenizer, "eos_token", "</s>", "<|endoftext|>", "[SEP]");
    }

    /** Of {@code config.json}; the first where there are several. */
    private static OptionalLong declared(Path folder, String name) {
        JsonNode declared = read(folder.resolve("config.json")).path(name);
        JsonNode one = declared.isArray() ? declared.path(0) : declared;
        return one.isIntegralNumber() ? OptionalLong.of(one.asLong()) : OptionalLong.empty();
    }

    private static OptionalLong named(
            Path folder, JsonNode tokenizer, String setting, String... usual) {
        List<String> names = new ArrayList<>();
        names.add(token(folder.resolve("tokenizer_config.json"), setting));
        names.add(token(folder.resolve("special_tokens_map.json"), setting));
        names.addAll(List.of(usual));
        return names.stream()
                .map(name -> id(tokenizer, name))
                .filter(OptionalLong::isPresent)
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    private static String token(Path file, String name) {
        JsonNode token = read(file).path(name);
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
