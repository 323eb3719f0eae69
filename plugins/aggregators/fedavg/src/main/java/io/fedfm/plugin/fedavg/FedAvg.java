package io.fedfm.plugin.fedavg;

import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.aggregate.ClientUpdate;
import io.fedfm.api.tensor.ParameterVector;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * FedAvg: {@code result = sum_c (n_c / n) x_c} over the clients' parameters (McMahan et al. 2017,
 * <a href="https://arxiv.org/abs/1602.05629">arXiv:1602.05629</a>).
 *
 * <p>Sums are taken in float64 in the order of the updates, so the result does not depend on which
 * client was ready first.
 */
final class FedAvg implements Aggregator {
    private final Weighting weighting;

    FedAvg(Weighting weighting) {
        this.weighting = weighting;
    }

    @Override
    public void aggregate(
            ParameterVector global, List<ClientUpdate> updates, ParameterVector result) {
        double[] weights = weighting.weights(updates);
        result.forEachChunk(
                (from, count) -> {
                    double[] sums = new double[count];
                    for (int i = 0; i < weights.length; i++) {
                        FloatBuffer client = updates.get(i).parameters().floats(from, count);
                        add(sums, client, weights[i]);
                    }
                    FloatBuffer mean = result.floats(from, count);
                    for (int i = 0; i < count; i++) {
                        mean.put(i, (float) sums[i]);
                    }
                });
    }

    private static void add(double[] sums, FloatBuffer client, double weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += weight * client.get(i);
        }
    }
}
