package io.fedfm.runtime.federation;

import io.fedfm.api.tensor.ParameterVector;
import java.util.List;

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

    /** Tells several listeners, in their order. */
    static RoundListener all(List<RoundListener> listeners) {
        return new RoundListener() {
            @Override
            public void roundStarted(int round, int clients) {
                listeners.forEach(listener -> listener.roundStarted(round, clients));
            }

            @Override
            public void clientFinished(int round, int client) {
                listeners.forEach(listener -> listener.clientFinished(round, client));
            }

            @Override
            public void roundFinished(RoundResult result, ParameterVector shared) {
                listeners.forEach(listener -> listener.roundFinished(result, shared));
            }
        };
    }
}
