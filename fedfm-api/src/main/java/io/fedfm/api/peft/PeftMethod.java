package io.fedfm.api.peft;

/** A parameter-efficient method: decides what is trained in a given backbone. */
@FunctionalInterface
public interface PeftMethod {
    /**
     * Decides what is attached where.
     *
     * @throws io.fedfm.api.FedFmException with {@link io.fedfm.api.ErrorCode#TARGETS_UNMATCHED} if
     *     there is no place for this method
     */
    PeftPlan plan(Backbone backbone);
}
