package io.fedfm.plugin.fedavg;

import io.fedfm.api.aggregate.AggregatorFactory;
import io.fedfm.testing.AggregatorContract;

final class FedAvgContractTest extends AggregatorContract {
    @Override
    protected AggregatorFactory factory() {
        return new FedAvgFactory();
    }
}
