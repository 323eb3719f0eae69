package io.fedfm.runtime.export;

import java.nio.file.Path;
import java.util.List;

/**
 * What was written.
 *
 * @param run id of the run
 * @param round of the parameters
 * @param format name of the format
 * @param folder where the files are
 * @param files by name
 * @param notes what the user should know, a sentence each
 */
public record ExportReport(
        String run, int round, String format, Path folder, List<File> files, List<String> notes) {
    /** Copies the lists. */
    public ExportReport {
        files = List.copyOf(files);
        notes = List.copyOf(notes);
    }

    /** A file that was written. */
    public record File(String name, long bytes, String sha256) {}
}
