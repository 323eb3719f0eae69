package io.fedfm.runtime.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Rows of JSON Lines. */
final class JsonLinesReader implements RowReader {
    @Override
    public List<TextRow> read(Path file, BufferedReader reader, Columns columns)
            throws IOException {
        return JsonLines.read(file, reader, (object, line) -> row(file, line, object, columns));
    }

    private static TextRow row(Path file, long line, JsonNode object, Columns columns) {
        if (!object.has(columns.text())) {
            columns.check(file, JsonLines.names(object));
        }
        return columns.row(file, line, name -> JsonLines.text(object, name));
    }
}
