package io.fedfm.runtime.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/** Names of new runs, which sort by the time they were started. */
final class RunIds {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");

    private RunIds() {}

    /** A folder that is not there yet: time and method. */
    static Path fresh(Path runs, String method) {
        Path folder = runs.resolve(TIME.format(LocalDateTime.now()) + "-" + method);
        return Files.exists(folder) ? fresh(runs, method) : folder;
    }
}
