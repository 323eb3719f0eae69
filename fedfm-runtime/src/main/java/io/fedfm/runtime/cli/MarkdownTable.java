package io.fedfm.runtime.cli;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.record.Durable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Lines of a table in Markdown. */
final class MarkdownTable {
    private final StringBuilder text = new StringBuilder();

    /** A table with these titles. */
    MarkdownTable(List<String> titles) {
        row(titles);
        row(titles.stream().map(title -> "---").toList());
    }

    /** Adds a line. */
    void row(List<?> cells) {
        text.append(
                cells.stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    /** Writes the page that a table is on, whole or not at all. */
    static void writePage(String page, Path file) {
        try {
            Durable.write(file.toAbsolutePath(), page);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.RUN_FAILED, file + " cannot be written: " + Durable.reason(e), e);
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
