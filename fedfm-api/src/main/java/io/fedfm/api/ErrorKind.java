package io.fedfm.api;

/** Who must act on an error; the launcher exits with {@link #exitCode()}. */
public enum ErrorKind {
    /** The run failed though its settings were sound. */
    RUN(1),
    /** The user gave something that cannot be used: settings, a file, data, a plugin. */
    USAGE(2),
    /** Something took longer than it was allowed to. */
    TIMEOUT(3),
    /** A peer could not be reached, or did not trust us. */
    CONNECTION(4),
    /** A defect of fedfm. */
    BUG(5);

    private final int exitCode;

    ErrorKind(int exitCode) {
        this.exitCode = exitCode;
    }

    /** The exit code of the launcher. */
    public int exitCode() {
        return exitCode;
    }
}
