package io.fedfm.runtime.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JSON objects, one a line; blank lines are skipped. */
final class JsonLines {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonLines() {}

    /** Makes something of an object and the number of its line, from 1. */
    @FunctionalInterface
    interface OfObject<T> {
        T make(JsonNode object, long line);
    }

    /** One thing for each object. */
    static <T> List<T> read(Path file, BufferedReader reader, OfObject<T> function)
            throws IOException {
        List<T> rows = new ArrayList<>();
        long number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (!line.isBlank()) {
                rows.add(function.make(parse(file, number, line), number));
            }
        }
        return rows;
    }

    /** The names of an object's fields. */
    static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** A field that is no object and no list, as text; null if there is none. */
    static String text(JsonNode object, String name) {
        JsonNode node = object.get(name);
        return node == null || node.isNull() || node.isContainerNode() ? null : node.asText();
    }

    private static JsonNode parse(Path file, long number, String line) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node.isObject()) {
                return node;
            }
            throw new FedFmException(
                    ErrorCode.DATA_INVALID, file + ":" + number + ": not a JSON object");
        } catch (JsonProcessingException e) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    file + ":" + number + ": not JSON: " + e.getOriginalMessage(),
                    e);
        }
    }
}
