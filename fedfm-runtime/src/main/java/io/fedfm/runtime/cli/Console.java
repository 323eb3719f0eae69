package io.fedfm.runtime.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the launcher writes.
 *
 * @param out data, and nothing else
 * @param err progress, warnings and errors
 * @param interactive whether a person watches {@code err} on a terminal
 */
record Console(PrintStream out, PrintStream err, boolean interactive) {
    /** The streams of the process, in UTF-8. */
    static Console ofProcess() {
        return new Console(
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                errorStreamIsTerminal());
    }

    /** {@link System#console()} asks about input and output; progress goes to neither. */
    private static boolean errorStreamIsTerminal() {
        Path stream = Path.of("/proc/self/fd/2");
        if (!Files.exists(stream)) {
            return System.console() != null;
        }
        try {
            String target = stream.toRealPath().toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }
}
