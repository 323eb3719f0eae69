package @package@;

import io.fedfm.api.aggregate.AggregatorFactory;
import io.fedfm.testing.AggregatorContract;

/** All that fedfm asks of an aggregator. */
final class @Name@ContractTest extends AggregatorContract {
    @Override
    protected AggregatorFactory factory() {
        return new @Name@Factory();
    }
}
