package @package@;

import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.aggregate.ClientUpdate;
import io.fedfm.api.tensor.ParameterVector;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * {@code global + step * (mean - global)}, the mean weighted by rows: a start, to be replaced by
 * your own rule.
 */
final class @Name@Aggregator implements Aggregator {
    private final double step;

    @Name@Aggregator(double step) {
        this.step = step;
    }

    /** Sums in the order of the updates, in double: the result does not depend on threads. */
    @Override
    public void aggregate(
            ParameterVector global, List<ClientUpdate> updates, ParameterVector result) {
        double rows = updates.stream().mapToLong(ClientUpdate::samples).sum();
        result.forEachChunk(
                (from, count) -> {
                    FloatBuffer before = global.floats(from, count);
                    FloatBuffer after = result.floats(from, count);
                    double[] mean = new double[count];
                    for (ClientUpdate update : updates) {
                        FloatBuffer client = update.parameters().floats(from, count);
                        for (int i = 0; i < count; i++) {
                            mean[i] += update.samples() / rows * client.get(i);
                        }
                    }
                    for (int i = 0; i < count; i++) {
                        after.put(i, (float) (before.get(i) + step * (mean[i] - before.get(i))));
                    }
                });
    }
}
