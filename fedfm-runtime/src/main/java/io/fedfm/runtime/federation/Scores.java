package io.fedfm.runtime.federation;

import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.train.Evaluation;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an evaluation found, as it is reported.
 *
 * @param rows the number of rows
 * @param metrics {@code loss}, {@code accuracy} and, for language modelling, {@code perplexity}
 */
public record Scores(long rows, Map<String, Double> metrics) {
    /** The scores of an evaluation for a task. */
    public static Scores of(Evaluation evaluation, Task task) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss", evaluation.loss());
        metrics.put("accuracy", evaluation.accuracy());
        if (task == Task.CAUSAL_LM) {
            metrics.put("perplexity", evaluation.perplexity());
        }
        return new Scores(evaluation.rows(), metrics);
    }
}
