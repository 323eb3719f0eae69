package io.fedfm.runtime.federation;

import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.train.Evaluation;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an evaluation found, as it is reported.
 *
 * @param rows the number of rows
 * @param metrics {@code loss}, {@code accuracy}; for language modelling {@code perplexity}; for
 *     tags of entities {@code precision}, {@code recall} and {@code f1}
 */
public record Scores(long rows, Map<String, Double> metrics) {
    /**
     * The scores of an evaluation.
     *
     * @param entities whether labels are tags of entities
     */
    public static Scores of(Evaluation evaluation, Task task, boolean entities) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss", evaluation.loss());
        metrics.put("accuracy", evaluation.accuracy());
        if (task == Task.CAUSAL_LM) {
            metrics.put("perplexity", evaluation.perplexity());
        }
        if (entities) {
            metrics.put("precision", evaluation.entities().precision());
            metrics.put("recall", evaluation.entities().recall());
            metrics.put("f1", evaluation.entities().f1());
        }
        return new Scores(evaluation.rows(), metrics);
    }
}
