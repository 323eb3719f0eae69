package stranger;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.aggregate.AggregatorFactory;
import io.fedfm.api.aggregate.ClientUpdate;
import io.fedfm.api.tensor.ParameterVector;
import java.util.Comparator;
import java.util.List;

/** The parameters of the client with the most rows win. */
public final class LoudestFactory implements AggregatorFactory {
    @Override
    public String name() {
        return "loudest";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public Aggregator create(Settings settings) {
        return LoudestFactory::aggregate;
    }

    private static void aggregate(
            ParameterVector global, List<ClientUpdate> updates, ParameterVector result) {
        result.set(
                updates.stream()
                        .max(Comparator.comparingLong(ClientUpdate::samples))
                        .orElseThrow()
                        .parameters());
    }
}
