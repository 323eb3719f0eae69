package io.fedfm.runtime.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * CSV (RFC 4180, with a header) and TSV (no quoting; with a header, or just {@code
 * text<TAB>label}).
 */
final class DelimitedReader implements RowReader {
    /** A character that no text holds; FastCSV has no switch that turns quoting off. */
    private static final char NO_QUOTE = '\0';

    private final char separator;
    private final char quote;
    private final boolean headerRequired;

    private DelimitedReader(char separator, char quote, boolean headerRequired) {
        this.separator = separator;
        this.quote = quote;
        this.headerRequired = headerRequired;
    }

    static RowReader csv() {
        return new DelimitedReader(',', '"', true);
    }

    static RowReader tsv() {
        return new DelimitedReader('\t', NO_QUOTE, false);
    }

    @Override
    public List<TextRow> read(Path file, BufferedReader reader, Columns columns)
            throws IOException {
        try (CsvReader<CsvRecord> records =
                CsvReader.builder()
                        .fieldSeparator(separator)
                        .quoteCharacter(quote)
                        .extraFieldStrategy(FieldMismatchStrategy.STRICT)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .ofCsvRecord(reader)) {
            return rows(file, records.iterator(), columns);
        } catch (CsvParseException e) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID, file + " is malformed: " + e.getMessage(), e);
        }
    }

    private List<TextRow> rows(Path file, Iterator<CsvRecord> records, Columns columns) {
        List<TextRow> rows = new ArrayList<>();
        if (!records.hasNext()) {
            return rows;
        }
        CsvRecord first = records.next();
        List<String> header = List.of(columns.text(), columns.label());
        if (isHeader(first, columns)) {
            header = first.getFields().stream().map(String::strip).toList();
            columns.check(file, header);
        } else {
            rows.add(row(file, first, columns, header));
        }
        while (records.hasNext()) {
            rows.add(row(file, records.next(), columns, header));
        }
        return rows;
    }

    private boolean isHeader(CsvRecord first, Columns columns) {
        List<String> fields = first.getFields().stream().map(String::strip).toList();
        return headerRequired
                || fields.size() > 2
                || !columns.task().isEmpty()
                || fields.contains(columns.text())
                || columns.labelled() && fields.contains(columns.label());
    }

    private static TextRow row(Path file, CsvRecord line, Columns columns, List<String> header) {
        return columns.row(
                file, line.getStartingLineNumber(), name -> field(line, header.indexOf(name)));
    }

    private static String field(CsvRecord line, int index) {
        return index >= 0 && index < line.getFieldCount() ? line.getField(index) : null;
    }
}
