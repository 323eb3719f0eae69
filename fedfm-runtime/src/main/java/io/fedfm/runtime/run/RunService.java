package io.fedfm.runtime.run;

/** Runs a federation as settings say. */
@FunctionalInterface
public interface RunService {
    /**
     * Runs all rounds, or those that are left, and records them in the run's folder.
     *
     * @param request what to run
     * @param listener hears of the run as it goes
     * @throws io.fedfm.api.FedFmException if something is wrong with what was asked for, before
     *     anything is written, or if the run cannot go on
     */
    RunSummary run(RunRequest request, RunListener listener);
}
