package io.fedfm.runtime.federation;

import io.fedfm.api.aggregate.ClientUpdate;
import io.fedfm.runtime.codec.ReceivedUpdate;
import java.util.List;

/** The updates of a round, in the order of client ids; owns their parameters. */
record ReceivedUpdates(List<ReceivedUpdate> received) implements AutoCloseable {
    /** As an aggregator takes them. */
    List<ClientUpdate> updates() {
        return received.stream()
                .map(
                        update ->
                                new ClientUpdate(
                                        update.header().client(),
                                        update.header().samples(),
                                        update.header().loss(),
                                        update.parameters()))
                .toList();
    }

    /** What the clients told beside them. */
    List<RoundResult.ClientReport> reports() {
        return received.stream()
                .map(ReceivedUpdate::header)
                .map(
                        header ->
                                new RoundResult.ClientReport(
                                        header.client(),
                                        header.samples(),
                                        header.steps(),
                                        header.loss()))
                .toList();
    }

    @Override
    public void close() {
        received.forEach(ReceivedUpdate::close);
    }
}
