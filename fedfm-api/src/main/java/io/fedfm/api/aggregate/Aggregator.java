package io.fedfm.api.aggregate;

import io.fedfm.api.tensor.ParameterVector;
import java.util.List;

/** Combines the updates of a round; an instance lives as long as a run and may keep state. */
@FunctionalInterface
public interface Aggregator {
    /**
     * Writes the next global parameters.
     *
     * @param global the parameters the round started from
     * @param updates at least one, in the order of client ids, all of the layout of {@code global}
     * @param result where the next parameters go; neither {@code global} nor an update
     */
    void aggregate(ParameterVector global, List<ClientUpdate> updates, ParameterVector result);
}
