package io.fedfm.runtime.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Reads sentences with a tag for each word: JSON Lines with a list of words and a list of tags, or
 * columns as CoNLL's shared tasks have them, a word a line with its tag last and a blank line
 * between sentences.
 */
final class TaggedReader {
    private static final String DOCUMENT = "-DOCSTART-";

    private final Path file;
    private final Columns columns;

    private TaggedReader(Path file, Columns columns) {
        this.file = file;
        this.columns = columns;
    }

    /**
     * The sentences of a file, in order.
     *
     * @param columns names of the lists in JSON
     * @throws FedFmException FILE_UNREADABLE, or DATA_INVALID with the file and the line
     */
    static List<TaggedRow> read(Path file, Columns columns) {
        TaggedReader tagged = new TaggedReader(file, columns);
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        List<TaggedRow> rows;
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            rows = DataFile.read(file, reader -> JsonLines.read(file, reader, tagged::row));
        } else if (Stream.of(".conll", ".iob2", ".bio", ".txt").anyMatch(name::endsWith)) {
            rows = DataFile.read(file, tagged::sentences);
        } else {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    file
                            + " is of no kind that has a tag for each word; give a .jsonl, or a .conll, .iob2, .bio or .txt file of a word and its tag a line");
        }
        if (rows.isEmpty()) {
            throw new FedFmException(ErrorCode.DATA_INVALID, file + " has no sentences");
        }
        return rows;
    }

    private TaggedRow row(JsonNode object, long line) {
        columns.check(file, JsonLines.names(object));
        List<String> words = list(object, columns.text(), line);
        List<String> tags = list(object, columns.label(), line);
        if (words.size() != tags.size()) {
            throw invalid(line, words.size() + " words and " + tags.size() + " tags");
        }
        if (words.isEmpty()) {
            throw invalid(line, "a sentence of no words; remove it");
        }
        return new TaggedRow(words, tags, line);
    }

    private List<String> list(JsonNode object, String name, long line) {
        JsonNode list = object.get(name);
        if (!list.isArray()) {
            throw invalid(line, "'" + name + "' is no list");
        }
        List<String> values = new ArrayList<>();
        for (JsonNode value : list) {
            if (value.isContainerNode() || value.isNull()) {
                throw invalid(line, "'" + name + "' has an element that is no word");
            }
            values.add(value.asText());
        }
        return values;
    }

    private List<TaggedRow> sentences(BufferedReader reader) throws IOException {
        List<TaggedRow> rows = new ArrayList<>();
        List<String> words = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        long number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            String[] parts = line.strip().split("\\s+");
            if (line.isBlank() || parts[0].equals(DOCUMENT)) {
                close(rows, words, tags, number);
            } else if (parts.length < 2) {
                throw invalid(number, "the word '" + parts[0] + "' has no tag");
            } else {
                words.add(parts[0]);
                tags.add(parts[parts.length - 1]);
            }
        }
        close(rows, words, tags, number + 1);
        return rows;
    }

    private static void close(
            List<TaggedRow> rows, List<String> words, List<String> tags, long end) {
        if (!words.isEmpty()) {
            rows.add(new TaggedRow(words, tags, end - words.size()));
            words.clear();
            tags.clear();
        }
    }

    private FedFmException invalid(long line, String what) {
        return new FedFmException(ErrorCode.DATA_INVALID, file + ":" + line + ": " + what);
    }
}
