package io.fedfm.runtime.config;

import io.fedfm.api.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * The section {@code model}.
 *
 * @param path an ONNX file, or a folder with {@code model.onnx}
 * @param task what is learnt
 * @param numLabels classes, for {@link Task#SEQ_CLS} and {@link Task#TOKEN_CLS}; 0 to count the
 *     labels of the data
 * @param pooling how hidden states become one vector
 * @param weights {@code pretrained}, or {@code random} for the control experiment
 * @param precision {@code fp32}
 * @param execution {@code fused} or {@code split}
 * @param providers execution providers in order of preference
 */
public record ModelConfig(
        Path path,
        Task task,
        int numLabels,
        Pooling pooling,
        String weights,
        String precision,
        Execution execution,
        List<String> providers) {
    private static final Set<String> PROVIDERS = Set.of("cpu", "cuda", "tensorrt");

    /** What is learnt; the names of the PEFT library. */
    public enum Task {
        SEQ_CLS,
        TOKEN_CLS,
        CAUSAL_LM
    }

    /**
     * How hidden states become one vector for the head; {@code HEAD} trains the graph's own head
     * instead, and {@code NONE} has a head on each of them.
     */
    public enum Pooling {
        MEAN,
        FIRST,
        LAST,
        POOLER,
        HEAD,
        NONE
    }

    /** Where the modules run. */
    public enum Execution {
        FUSED,
        SPLIT
    }

    /** Checks the values and copies the list. */
    public ModelConfig {
        Objects.requireNonNull(path, "path is null");
        Checks.that(numLabels >= 0, "numLabels is negative");
        providers = List.copyOf(providers);
        Checks.that(!providers.isEmpty(), "no provider");
    }

    static ModelConfig from(Settings settings, PathLookup paths) {
        Task task =
                Task.valueOf(
                        settings.oneOf("task", "SEQ_CLS", "SEQ_CLS", "TOKEN_CLS", "CAUSAL_LM"));
        return new ModelConfig(
                paths.required(settings, "path"),
                task,
                (int) settings.integer("num_labels", 0, 0, 1_000_000),
                pooling(settings, task),
                settings.oneOf("weights", "pretrained", "pretrained", "random"),
                settings.oneOf("precision", "fp32", "fp32"),
                Execution.valueOf(upper(settings.oneOf("execution", "fused", "fused", "split"))),
                providers(settings));
    }

    private static Pooling pooling(Settings settings, Task task) {
        return Pooling.valueOf(
                upper(
                        task == Task.TOKEN_CLS
                                ? settings.oneOf("pooling", "none", "none", "head")
                                : settings.oneOf(
                                        "pooling", "mean", "mean", "first", "last", "pooler",
                                        "head")));
    }

    void checkAgainst(DataConfig data, Settings root) {
        boolean random = data.source().equals(DataConfig.RANDOM_TOKENS);
        if (task != Task.SEQ_CLS && random) {
            root.problem("model.task", task + " needs texts, but data.source is random-tokens");
        } else if (random && numLabels == 0) {
            root.problem("model.num_labels", "is required when data.source is random-tokens");
        }
        if (task != Task.CAUSAL_LM && !data.template().isEmpty()) {
            root.problem("data.template", "is for CAUSAL_LM, but model.task is " + task);
        }
        if (numLabels == 1) {
            root.problem("model.num_labels", "must be 2 or more (or 0 to count them), was 1");
        }
    }

    private static List<String> providers(Settings settings) {
        List<String> given =
                settings.texts("providers", List.of("cpu")).stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList();
        if (given.isEmpty() || !PROVIDERS.containsAll(given)) {
            settings.problem("providers", "must be a list of cpu, cuda, tensorrt, was " + given);
            return List.of("cpu");
        }
        return given;
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }
}
