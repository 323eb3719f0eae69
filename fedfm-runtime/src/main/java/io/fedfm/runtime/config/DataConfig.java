package io.fedfm.runtime.config;

import io.fedfm.api.Settings;
import java.nio.file.Path;
import java.util.List;

/**
 * The section {@code data}.
 *
 * @param source {@code file}, or {@code random-tokens} for the reference workload
 * @param path CSV, TSV, JSONL or plain text; null for random tokens
 * @param testPath held-out rows of their own file, or null
 * @param text the column of texts
 * @param label the column of labels
 * @param maxLength tokens of a row at most
 * @param evalFraction the part of the rows held out when there is no {@code testPath}
 * @param evaluate {@code held-out} or {@code train}
 * @param clientRows rows of each client, for random tokens
 * @param partitioner the section {@code data.partitioner}, read by the partitioner of its {@code
 *     type}
 */
public record DataConfig(
        String source,
        Path path,
        Path testPath,
        String text,
        String label,
        int maxLength,
        double evalFraction,
        String evaluate,
        List<Long> clientRows,
        Settings partitioner) {}
