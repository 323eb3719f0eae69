package io.fedfm.runtime.config;

import io.fedfm.api.Settings;
import io.fedfm.runtime.config.ModelConfig.Task;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The section {@code data}.
 *
 * @param source {@link #FILE}, {@link #RANDOM_TOKENS} for the reference workload, or {@link #NONE}
 * @param path CSV, TSV, JSONL or plain text, or a folder with one of images for each class; null
 *     for random tokens
 * @param testPath held-out rows of their own file or folder, or null
 * @param text the column of texts
 * @param label the column of labels
 * @param task the column that says which task a row is of; "" if there is none
 * @param template for language modelling, how a prompt is made of columns; "" for plain texts
 * @param completion the column of what follows the prompt, and is learnt
 * @param image how images are processed, read with what lies beside the model
 * @param maxLength tokens of a row at most; of each row, for random tokens
 * @param evalFraction the part of the rows held out when there is no {@code testPath}
 * @param evaluate {@link #HELD_OUT} or {@link #TRAIN}
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
        String task,
        String template,
        String completion,
        Map<String, Object> image,
        int maxLength,
        double evalFraction,
        String evaluate,
        List<Long> clientRows,
        PluginChoice partitioner) {
    /** Rows come from {@link #path()}. */
    public static final String FILE = "file";

    /** Rows are drawn at random, {@link #clientRows()} for each client. */
    public static final String RANDOM_TOKENS = "random-tokens";

    /** There are no rows: the run holds an adapter that was imported, to be exported again. */
    public static final String NONE = "none";

    /** Metrics are computed on rows that no client trained on. */
    public static final String HELD_OUT = "held-out";

    /** Metrics are computed on the rows that were trained on. */
    public static final String TRAIN = "train";

    /** Checks the values and copies the collections. */
    public DataConfig {
        Checks.that(path != null || !source.equals(FILE), "no path");
        Checks.that(maxLength > 0, "maxLength is not positive");
        Checks.that(evalFraction >= 0 && evalFraction < 1, "evalFraction is not in [0, 1)");
        image = Collections.unmodifiableMap(new LinkedHashMap<>(image));
        clientRows = List.copyOf(clientRows);
    }

    static DataConfig from(Settings settings, PathLookup paths, Task task) {
        boolean tagged = task == Task.TOKEN_CLS;
        String template = settings.text("template", "");
        String completion = template.equals("alpaca") ? "output" : "completion";
        if (template.isEmpty() && settings.has("completion")) {
            settings.problem("completion", "has a use only with data.template");
        }
        String source = settings.oneOf("source", FILE, FILE, RANDOM_TOKENS, NONE);
        boolean random = source.equals(RANDOM_TOKENS);
        DataConfig data =
                new DataConfig(
                        source,
                        source.equals(FILE)
                                ? paths.required(settings, "path")
                                : paths.optional(settings, "path"),
                        paths.optional(settings, "test_path"),
                        settings.text("text", tagged ? "tokens" : "text"),
                        settings.text("label", tagged ? "tags" : "label"),
                        settings.text("task", ""),
                        template,
                        template.isEmpty() ? "" : settings.text("completion", completion),
                        settings.section("image").rest(),
                        settings.positive("max_length", 128),
                        settings.number("eval_fraction", 0.2, 0, 0.99),
                        settings.oneOf("evaluate", HELD_OUT, HELD_OUT, TRAIN),
                        settings.integers("client_rows", List.of(), 1),
                        PluginChoice.from(settings, "partitioner", "iid"));
        if (!data.task.isEmpty() && (random || tagged || !template.isEmpty())) {
            settings.problem("task", "has a use with rows of texts only");
        }
        if (random) {
            data.checkRandom(settings);
        } else if (source.equals(FILE)) {
            data.checkFile(settings);
        }
        return data;
    }

    private void checkRandom(Settings settings) {
        if (clientRows.isEmpty()) {
            settings.problem("client_rows", "is required when data.source is random-tokens");
        }
        if (path != null || testPath != null) {
            settings.problem("path", "and test_path have no use when data.source is random-tokens");
        }
        if (evaluate.equals(HELD_OUT)) {
            settings.problem("evaluate", "must be train when data.source is random-tokens");
        }
    }

    private void checkFile(Settings settings) {
        if (!clientRows.isEmpty()) {
            settings.problem("client_rows", "has a use only when data.source is random-tokens");
        }
        if (evaluate.equals(HELD_OUT) && testPath == null && evalFraction == 0) {
            settings.problem("eval_fraction", "must be above 0 without a test_path");
        }
    }
}
