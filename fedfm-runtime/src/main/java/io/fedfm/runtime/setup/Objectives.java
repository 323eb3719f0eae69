package io.fedfm.runtime.setup;

import io.fedfm.runtime.config.ModelConfig;
import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.objective.BackboneOutputs;
import io.fedfm.runtime.objective.CausalLanguageModelling;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.objective.OwnHead;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.SequenceClassification;
import io.fedfm.runtime.objective.TokenClassification;

/** Chooses what is minimised. */
public final class Objectives {
    private Objectives() {}

    /**
     * The objective of a task.
     *
     * @param classes of the data; not used for language modelling
     */
    public static Objective of(ModelConfig config, BackboneOutputs outputs, int classes) {
        if (config.task() == Task.CAUSAL_LM) {
            return new CausalLanguageModelling();
        }
        boolean tokens = config.task() == Task.TOKEN_CLS;
        return switch (config.pooling()) {
            case NONE -> new TokenClassification(outputs.width(), classes);
            case HEAD ->
                    tokens ? OwnHead.ofTokens(outputs, classes) : new OwnHead(outputs, classes);
            case MEAN -> new SequenceClassification(Pooling.MEAN, outputs.width(), classes);
            case FIRST -> new SequenceClassification(Pooling.FIRST, outputs.width(), classes);
            case LAST -> new SequenceClassification(Pooling.LAST, outputs.width(), classes);
            case POOLER -> new SequenceClassification(Pooling.POOLER, outputs.width(), classes);
        };
    }
}
