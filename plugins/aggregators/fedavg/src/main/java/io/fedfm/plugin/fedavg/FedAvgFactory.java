package io.fedfm.plugin.fedavg;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.aggregate.AggregatorFactory;

/** Makes FedAvg: {@code federation.aggregator.type: fedavg}. */
public final class FedAvgFactory implements AggregatorFactory {
    @Override
    public String name() {
        return "fedavg";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public Aggregator create(Settings settings) {
        return new FedAvg(
                Weighting.named(settings.oneOf("weighting", "samples", "samples", "uniform")));
    }
}
