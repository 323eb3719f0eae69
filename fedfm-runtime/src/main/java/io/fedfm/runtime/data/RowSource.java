package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The rows of the files of a run.
 *
 * @param labels the classes of the training file; none for language modelling
 * @param train rows of the training file
 * @param test rows of the test file; none if there is no such file
 */
record RowSource(Labels labels, List<Row> train, List<Row> test) {
    /** Gives the tokens of a row's text. */
    @FunctionalInterface
    interface Encoder {
        TokenRow row(String text, int label);
    }

    /** Rows of texts and, if the columns have labels, their classes. */
    static RowSource rows(
            Path path,
            Path test,
            Columns columns,
            TaskNames tasks,
            int numLabels,
            Encoder encoder) {
        List<TextRow> train = RowReader.readRows(path, columns);
        List<TextRow> held = test == null ? List.of() : RowReader.readRows(test, columns);
        Labels labels =
                columns.labelled()
                        ? Labels.of(train.stream().map(TextRow::label).toList())
                        : Labels.numbered(0);
        if (columns.labelled()) {
            labels.check(numLabels, path);
        }
        return new RowSource(
                labels,
                encode(path, train, columns, tasks, labels, encoder),
                encode(test, held, columns, tasks, labels, encoder));
    }

    /** Gives the tokens of a sentence, with the classes of its words at their first tokens. */
    @FunctionalInterface
    interface SentenceEncoder {
        Row row(List<String> words, int[] classes);
    }

    /** Sentences with a tag for each word. */
    static RowSource tagged(
            Path path, Path test, Columns columns, int numLabels, SentenceEncoder encoder) {
        List<TaggedRow> train = TaggedReader.read(path, columns);
        List<TaggedRow> held = test == null ? List.of() : TaggedReader.read(test, columns);
        Labels labels = Labels.of(train.stream().flatMap(row -> row.tags().stream()).toList());
        labels.check(numLabels, path);
        return new RowSource(
                labels,
                train.stream().map(row -> encode(path, row, labels, encoder)).toList(),
                held.stream().map(row -> encode(test, row, labels, encoder)).toList());
    }

    private static Row encode(Path file, TaggedRow row, Labels labels, SentenceEncoder encoder) {
        String where = file + ":" + row.line();
        return encoder.row(
                row.words(),
                row.tags().stream().mapToInt(tag -> labels.index(tag, where)).toArray());
    }

    /** Prompts and completions for language modelling. */
    static RowSource instructions(
            Path path, Path test, InstructionReader reader, InstructionEncoder encoder) {
        return new RowSource(
                Labels.numbered(0),
                reader.read(path).stream().<Row>map(row -> encoder.row(path, row)).toList(),
                test == null
                        ? List.of()
                        : reader.read(test).stream()
                                .<Row>map(row -> encoder.row(test, row))
                                .toList());
    }

    /** Windows of running text. */
    static RowSource windows(Path path, Path test, int length, Function<String, int[]> tokens) {
        return new RowSource(
                Labels.numbered(0),
                TextWindows.read(path, length, tokens),
                test == null ? List.of() : TextWindows.read(test, length, tokens));
    }

    private static List<Row> encode(
            Path file,
            List<TextRow> rows,
            Columns columns,
            TaskNames tasks,
            Labels labels,
            Encoder encoder) {
        List<Row> encoded = new ArrayList<>();
        for (TextRow text : rows) {
            String where = file + ":" + text.line();
            int label = columns.labelled() ? labels.index(text.label(), where) : 0;
            TokenRow row = encoder.row(text.text(), label);
            if (!columns.labelled() && row.length() < 2) {
                throw new FedFmException(
                        ErrorCode.DATA_INVALID,
                        where + ": the text is one token, which predicts nothing; remove the row");
            }
            encoded.add(
                    columns.task().isEmpty() ? row : row.ofTask(tasks.index(text.task(), where)));
        }
        return encoded;
    }
}
