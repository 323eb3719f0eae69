package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Nearest;
import java.nio.file.Path;
import java.util.Collection;

/**
 * The columns that are read.
 *
 * @param text the name of the column of texts
 * @param label the name of the column of labels; "" to read none
 */
record Columns(String text, String label) {
    boolean labelled() {
        return !label.isEmpty();
    }

    /** Refuses a file that lacks a column. */
    void check(Path file, Collection<String> found) {
        check(file, found, text, "data.text");
        if (labelled()) {
            check(file, found, label, "data.label");
        }
    }

    /** A row of these columns; refused if its text or label is missing. */
    TextRow row(Path file, long line, String textValue, String labelValue) {
        if (textValue == null || textValue.isBlank()) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    file + ":" + line + ": the text ('" + text + "') is empty; remove the row");
        }
        if (!labelled()) {
            return new TextRow(textValue, "", line);
        }
        if (labelValue == null || labelValue.isBlank()) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    file
                            + ":"
                            + line
                            + ": the row has no label ('"
                            + label
                            + "'); label it or remove it");
        }
        return new TextRow(textValue, labelValue.strip(), line);
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
