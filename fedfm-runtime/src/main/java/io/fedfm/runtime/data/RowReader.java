package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads the rows of one kind of file. */
@FunctionalInterface
interface RowReader {
    /** The rows, in the file's order, from a reader that stands behind the byte order mark. */
    List<TextRow> read(Path file, BufferedReader reader, Columns columns) throws IOException;

    /**
     * Reads a file by the reader for its name's ending.
     *
     * @throws FedFmException FILE_UNREADABLE, or DATA_INVALID with the file and the line
     */
    static List<TextRow> readRows(Path file, Columns columns) {
        RowReader rowReader = of(file);
        List<TextRow> rows = DataFile.read(file, reader -> rowReader.read(file, reader, columns));
        if (rows.isEmpty()) {
            throw new FedFmException(ErrorCode.DATA_INVALID, file + " has no rows");
        }
        return rows;
    }

    private static RowReader of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return DelimitedReader.csv();
        } else if (name.endsWith(".tsv")) {
            return DelimitedReader.tsv();
        } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return new JsonLinesReader();
        }
        throw new FedFmException(
                ErrorCode.DATA_INVALID,
                "cannot tell rows and columns in "
                        + file
                        + "; give a .csv, .tsv or .jsonl file (.txt serves CAUSAL_LM only)");
    }
}
