package io.fedfm.runtime.federation;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.aggregate.ClientUpdate;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.codec.PluginCalls;
import io.fedfm.runtime.federation.RoundResult.ClientReport;
import io.fedfm.runtime.federation.RoundResult.Communication;
import io.fedfm.runtime.federation.RoundResult.Seconds;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Federated averaging's server (McMahan et al. 2017): in each round select clients, send them the
 * global parameters, let them train, receive their updates, aggregate, evaluate, record.
 */
public final class RoundLoop {
    private final ClientSelection selection;
    private final Exchange exchange;
    private final Aggregator aggregator;
    private final RoundEvaluation evaluation;
    private final RoundListener listener;
    private final BufferAllocator allocator;

    /** A loop over these parts. */
    public RoundLoop(
            ClientSelection selection,
            Exchange exchange,
            Aggregator aggregator,
            RoundEvaluation evaluation,
            RoundListener listener,
            BufferAllocator allocator) {
        this.selection = selection;
        this.exchange = exchange;
        this.aggregator = aggregator;
        this.evaluation = evaluation;
        this.listener = listener;
        this.allocator = allocator;
    }

    /**
     * Runs the rounds from {@code first} to {@code last}.
     *
     * @param global the shared parameters, which each round changes in place
     * @throws FedFmException if a client, a plugin or the evaluation fails; only what the listener
     *     was told of is then a whole round
     */
    public void run(int first, int last, ParameterVector global) {
        for (int round = first; round <= last; round++) {
            listener.roundFinished(round(round, global), global);
        }
    }

    private RoundResult round(int round, ParameterVector global) {
        Stopwatch watch = new Stopwatch();
        List<Integer> clients = selection.select(round);
        listener.roundStarted(round, clients.size());

        ByteBuffer sent = exchange.send(round, global);
        List<ByteBuffer> messages =
                exchange.train(
                        round, clients, sent, client -> listener.clientFinished(round, client));
        double train = watch.lap();

        List<ClientReport> reports;
        try (ReceivedUpdates updates = exchange.receive(round, clients, messages, global)) {
            aggregate(round, global, updates.updates());
            reports = updates.reports();
        }
        double aggregate = watch.lap();

        Scores scores = evaluation.evaluate(global);
        double evaluate = watch.lap();

        return RoundResult.of(
                round,
                reports,
                scores,
                new Communication(
                        messages.stream().mapToLong(ByteBuffer::remaining).sum(),
                        (long) sent.remaining() * clients.size()),
                new Seconds(watch.total(), train, evaluate, aggregate));
    }

    private void aggregate(int round, ParameterVector global, List<ClientUpdate> updates) {
        try (ParameterVector next = ParameterVector.zeros(allocator, global.layout())) {
            PluginCalls.run("aggregator", () -> aggregator.aggregate(global, updates, next));
            if (!next.isFinite()) {
                throw new FedFmException(
                        ErrorCode.RUN_FAILED,
                        "round " + round + ": the aggregated parameters are not finite");
            }
            global.set(next);
        }
    }
}
