package io.fedfm.runtime.run;

import io.fedfm.runtime.federation.RoundResult;

/** Hears how a run goes; an error thrown here ends the run. */
public interface RunListener {
    /**
     * Everything is loaded and training is about to start.
     *
     * @param run the id of the run
     * @param firstRound 1, or the round that a resumed run goes on with
     * @param lastRound the number of the last round
     * @param clients how many clients train in a round
     */
    void started(String run, int firstRound, int lastRound, int clients);

    /**
     * A client has trained; called from the thread that trained it.
     *
     * @param round the number of the round, from 1
     */
    void clientFinished(int round);

    /** A round is aggregated, evaluated and recorded. */
    void roundFinished(RoundResult result);
}
