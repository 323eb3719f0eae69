package io.fedfm.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes JSON objects on one line each. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /** The line for a map of maps, lists, texts and finite numbers. */
    static String line(Map<String, ?> object) {
        try {
            return MAPPER.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and scalars cannot be written as JSON", e);
        }
    }

    /** The number, or null (JSON knows no NaN and no infinity). */
    static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** An empty object that keeps its order. */
    static Map<String, Object> object() {
        return new LinkedHashMap<>();
    }
}
