package io.fedfm.runtime.oracle;

import io.fedfm.runtime.objective.BackboneOutputs;
import io.fedfm.runtime.objective.CausalLanguageModelling;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.objective.OwnHead;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.SequenceClassification;

/** The task that a backbone is checked with: the one whose gradient crosses the most of it. */
final class TrialObjective {
    private static final long CLASSES = 3;

    private TrialObjective() {}

    /**
     * Through the backbone's own head where it has one, else through a new one.
     *
     * @throws io.fedfm.api.FedFmException MODEL_UNSUPPORTED, if it gives nothing to train on
     */
    static Objective of(BackboneOutputs outputs) {
        if (!outputs.logits().isEmpty()) {
            return outputs.tokenLogits()
                    ? new CausalLanguageModelling()
                    : new OwnHead(outputs, outputs.classes());
        }
        boolean pooledOnly = outputs.hidden().isEmpty() && !outputs.pooled().isEmpty();
        Pooling pooling = pooledOnly ? Pooling.POOLER : Pooling.MEAN;
        return new SequenceClassification(pooling, outputs.width(), CLASSES);
    }

    /** How many different labels there are. */
    static long classes(BackboneOutputs outputs) {
        return outputs.logits().isEmpty() ? CLASSES : outputs.classes();
    }
}
