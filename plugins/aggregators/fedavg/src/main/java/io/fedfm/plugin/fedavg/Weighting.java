package io.fedfm.plugin.fedavg;

import io.fedfm.api.aggregate.ClientUpdate;
import java.util.List;
import java.util.Locale;

/** How much a client counts. */
enum Weighting {
    /** By its share of all rows trained on. */
    SAMPLES,
    /** Every client the same. */
    UNIFORM;

    static Weighting named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** A weight for each update; they sum to 1. Clients without any rows count the same. */
    double[] weights(List<ClientUpdate> updates) {
        long all = updates.stream().mapToLong(ClientUpdate::samples).reduce(0, Math::addExact);
        return updates.stream()
                .mapToDouble(
                        update ->
                                this == UNIFORM || all == 0
                                        ? 1.0 / updates.size()
                                        : (double) update.samples() / all)
                .toArray();
    }
}
