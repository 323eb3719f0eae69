package io.fedfm.runtime.federation;

import io.fedfm.api.tensor.ParameterVector;

/** Evaluates the parameters that a round ended with. */
@FunctionalInterface
public interface RoundEvaluation {
    /** The scores of {@code shared}, which is borrowed. */
    Scores evaluate(ParameterVector shared);
}
