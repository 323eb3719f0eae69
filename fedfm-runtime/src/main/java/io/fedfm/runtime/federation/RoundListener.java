package io.fedfm.runtime.federation;

import io.fedfm.api.tensor.ParameterVector;

/** Follows the rounds: records, saves, shows progress. */
public interface RoundListener {
    /** A round begins with so many clients. */
    default void roundStarted(int round, int clients) {}

    /** A client is done; called from any thread. */
    default void clientFinished(int round, int client) {}

    /**
     * A round is over.
     *
     * @param result what it gave
     * @param shared the parameters it ended with; borrowed
     */
    void roundFinished(RoundResult result, ParameterVector shared);
}
