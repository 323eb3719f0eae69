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
final class JsonLinesReader implements RowReader {
    private final ObjectMapper json = new ObjectMapper();

    @Override
    public List<TextRow> read(Path file, BufferedReader reader, Columns columns)
            throws IOException {
        List<TextRow> rows = new ArrayList<>();
        long number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (!line.isBlank()) {
                rows.add(row(file, number, line, columns));
            }
        }
        return rows;
    }

    private TextRow row(Path file, long number, String line, Columns columns) {
        JsonNode object = parse(file, number, line);
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (!object.has(columns.text())) {
            columns.check(file, names);
        }
        return columns.row(
                file, number, value(object, columns.text()), value(object, columns.label()));
    }

    private JsonNode parse(Path file, long number, String line) {
        try {
            JsonNode node = json.readTree(line);
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

    private static String value(JsonNode object, String name) {
        JsonNode node = object.get(name);
        return node == null || node.isNull() || node.isContainerNode() ? null : node.asText();
    }
}
