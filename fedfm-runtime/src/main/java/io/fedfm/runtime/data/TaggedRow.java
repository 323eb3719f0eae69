package io.fedfm.runtime.data;

import java.util.List;

/**
 * A sentence of a data file with a tag for each word.
 *
 * @param words in order; at least one
 * @param tags as many
 * @param line where it starts in the file, from 1
 */
record TaggedRow(List<String> words, List<String> tags, long line) {
    TaggedRow {
        words = List.copyOf(words);
        tags = List.copyOf(tags);
    }
}
