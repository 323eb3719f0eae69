package io.fedfm.runtime.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads prompts and completions from JSON Lines. */
final class InstructionReader {
    private final PromptTemplate template;
    private final String completion;

    /** Reads rows of this template, with completions in the column {@code completion}. */
    InstructionReader(PromptTemplate template, String completion) {
        this.template = template;
        this.completion = completion;
    }

    /**
     * The rows of a file, in order.
     *
     * @throws FedFmException FILE_UNREADABLE, or DATA_INVALID with the file and the line
     */
    List<Instruction> read(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (!name.endsWith(".jsonl") && !name.endsWith(".ndjson")) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    file + ": data.template reads JSON Lines; give a .jsonl file");
        }
        List<Instruction> rows =
                DataFile.read(
                        file,
                        reader -> JsonLines.read(file, reader, (o, line) -> row(file, o, line)));
        if (rows.isEmpty()) {
            throw new FedFmException(ErrorCode.DATA_INVALID, file + " has no rows");
        }
        return rows;
    }

    private Instruction row(Path file, JsonNode object, long line) {
        List<String> needed = new ArrayList<>(template.columns());
        needed.add(completion);
        for (String column : needed) {
            String value = JsonLines.text(object, column);
            if (value == null || value.isBlank()) {
                throw new FedFmException(
                        ErrorCode.DATA_INVALID,
                        file
                                + ":"
                                + line
                                + ": the row has no text in '"
                                + column
                                + "'; its columns are "
                                + String.join(", ", JsonLines.names(object)));
            }
        }
        return new Instruction(
                template.fill(column -> textOrNone(object, column)),
                JsonLines.text(object, completion),
                line);
    }

    private static String textOrNone(JsonNode object, String column) {
        String text = JsonLines.text(object, column);
        return text == null ? "" : text;
    }
}
