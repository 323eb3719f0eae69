package io.fedfm.runtime.cli;

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

    @Override
    public String toString() {
        return text.toString();
    }
}
