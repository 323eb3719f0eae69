package io.fedfm.runtime.federation;

import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.aggregate.ClientUpdate;
import io.fedfm.api.tensor.ParameterVector;
import java.util.List;

/** FedAvg for tests, without pieces. */
public final class SampleWeightedMean implements Aggregator {
    @Override
    public void aggregate(
            ParameterVector global, List<ClientUpdate> updates, ParameterVector result) {
        double samples = updates.stream().mapToLong(ClientUpdate::samples).sum();
        int size = (int) result.size();
        for (int i = 0; i < size; i++) {
            double sum = 0;
            for (ClientUpdate update : updates) {
                sum += update.samples() / samples * update.parameters().floats(0, size).get(i);
            }
            result.floats(0, size).put(i, (float) sum);
        }
    }
}
