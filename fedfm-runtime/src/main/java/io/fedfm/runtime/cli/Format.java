package io.fedfm.runtime.cli;

/** How data is written to standard output. */
enum Format {
    /** For people. */
    TEXT,
    /** Exactly one JSON object. */
    JSON,
    /** A JSON object a line. */
    JSONL
}
