package io.fedfm.runtime.data;

/**
 * One row of a data file.
 *
 * @param text never blank
 * @param label its class as written; "" where labels are not read
 * @param line where it starts in the file, from 1
 */
record TextRow(String text, String label, long line) {}
