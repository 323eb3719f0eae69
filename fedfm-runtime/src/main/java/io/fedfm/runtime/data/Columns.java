package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Nearest;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.UnaryOperator;

/**
 * The columns that are read.
 *
 * @param text the name of the column of texts
 * @param label the name of the column of labels; "" to read none
 * @param task the name of the column of tasks; "" to read none
 */
record Columns(String text, String label, String task) {
    /** Without tasks. */
    Columns(String text, String label) {
        this(text, label, "");
    }

    boolean labelled() {
        return !label.isEmpty();
    }

    /** Refuses a file that lacks a column. */
    void check(Path file, Collection<String> found) {
        check(file, found, text, "data.text");
        if (labelled()) {
            check(file, found, label, "data.label");
        }
        if (!task.isEmpty()) {
            check(file, found, task, "data.task");
        }
    }

    /** A row of these columns, by name; refused if its text, label or task is missing. */
    TextRow row(Path file, long line, UnaryOperator<String> values) {
        String textValue = values.apply(text);
        if (textValue == null || textValue.isBlank()) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    file + ":" + line + ": the text ('" + text + "') is empty; remove the row");
        }
        return new TextRow(
                textValue,
                value(file, line, "label", label, values),
                value(file, line, "task", task, values),
                line);
    }

    private static String value(
            Path file, long line, String what, String column, UnaryOperator<String> values) {
        if (column.isEmpty()) {
            return "";
        }
        String value = values.apply(column);
        if (value == null || value.isBlank()) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    "%s:%d: the row has no %s ('%s'); %s it or remove it"
                            .formatted(
                                    file,
                                    line,
                                    what,
                                    column,
                                    what.equals("label") ? "label" : "name"));
        }
        return value.strip();
    }

    private static void check(Path file, Collection<String> found, String name, String setting) {
        if (!found.contains(name)) {
            String hint =
                    Nearest.to(name, found).map(n -> "; did you mean '" + n + "'?").orElse("");
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    file
                            + " has no column '"
                            + name
                            + "' ("
                            + setting
                            + "); its columns are "
                            + String.join(", ", found)
                            + hint);
        }
    }
}
