package io.fedfm.runtime.run;

import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.federation.RoundListener;
import io.fedfm.runtime.federation.RoundResult;

/** Passes on what a run's listener hears of rounds. */
record Progress(RunListener listener) implements RoundListener {
    @Override
    public void clientFinished(int round, int client) {
        listener.clientFinished(round);
    }

    @Override
    public void roundFinished(RoundResult result, ParameterVector shared) {
        listener.roundFinished(result);
    }
}
