package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Plain text for language modelling: paragraph by paragraph to one stream of tokens, without
 * special ones, cut to windows.
 */
final class TextWindows {
    private TextWindows() {}

    /**
     * The windows of a file, in order; all but the last have {@code length} tokens, and a last one
     * of a single token, which predicts nothing, is dropped.
     *
     * @param tokens gives the tokens of a paragraph, line ends included
     */
    static List<Row> read(Path file, int length, Function<String, int[]> tokens) {
        int[] stream =
                DataFile.read(file, TextWindows::paragraphs).stream()
                        .map(tokens)
                        .flatMapToInt(IntStream::of)
                        .toArray();
        List<Row> windows = new ArrayList<>();
        for (int from = 0; from + 1 < stream.length; from += length) {
            int to = Math.min(stream.length, from + length);
            if (to - from > 1) {
                windows.add(TokenRow.of(Arrays.copyOfRange(stream, from, to), 0));
            }
        }
        if (windows.isEmpty()) {
            throw new FedFmException(ErrorCode.DATA_INVALID, file + " has no text");
        }
        return windows;
    }

    private static List<String> paragraphs(BufferedReader reader) throws IOException {
        List<String> paragraphs = new ArrayList<>();
        StringBuilder paragraph = new StringBuilder();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            paragraph.append(line).append('\n');
            if (line.isBlank()) {
                paragraphs.add(paragraph.toString());
                paragraph.setLength(0);
            }
        }
        paragraphs.add(paragraph.toString());
        paragraphs.removeIf(String::isBlank);
        return paragraphs;
    }
}
