package io.fedfm.runtime.data;

/**
 * One row of a data file.
 *
 * @param text never blank
 * @param label its class as written; "" where labels are not read
 * @param task its task as written; "" where tasks are not read
 * @param line where it starts in the file, from 1
 */
record TextRow(String text, String label, String task, long line) {
    /** A row whose task is not read. */
    TextRow(String text, String label, long line) {
        this(text, label, "", line);
    }
}
