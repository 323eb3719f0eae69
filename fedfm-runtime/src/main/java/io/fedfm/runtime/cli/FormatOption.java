package io.fedfm.runtime.cli;

import picocli.CommandLine.Option;

/** The option {@code --format}. */
final class FormatOption {
    @Option(
            names = "--format",
            paramLabel = "text|json|jsonl",
            defaultValue = "text",
            description = "How data is written to standard output (default: ${DEFAULT-VALUE}).")
    Format value = Format.TEXT;
}
