package @package@;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.aggregate.AggregatorFactory;

/** Makes the aggregator from its settings: {@code federation.aggregator.type: @name@}. */
public final class @Name@Factory implements AggregatorFactory {
    @Override
    public String name() {
        return "@name@";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    /** Every setting is read here, with its default and its bounds; fedfm refuses all others. */
    @Override
    public Aggregator create(Settings settings) {
        return new @Name@Aggregator(settings.number("step", 1, 0, 10));
    }
}
