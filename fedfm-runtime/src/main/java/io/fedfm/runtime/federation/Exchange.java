package io.fedfm.runtime.federation;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.compress.Compressor;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.codec.ReceivedUpdate;
import io.fedfm.runtime.codec.UpdateCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The server's side of what travels: global parameters out, updates in. */
public final class Exchange {
    private final ClientEngine engine;
    private final UpdateCodec codec;
    private final Compressor compressor;
    private final List<Long> rows;

    /**
     * An exchange with clients.
     *
     * @param compressor the server's own instance; it only decompresses
     * @param rows the number of rows of each client
     */
    public Exchange(
            ClientEngine engine, UpdateCodec codec, Compressor compressor, List<Long> rows) {
        this.engine = engine;
        this.codec = codec;
        this.compressor = compressor;
        this.rows = List.copyOf(rows);
    }

    /** The message that every client of the round is sent. */
    ByteBuffer send(int round, ParameterVector global) {
        return codec.encodeGlobal(round, global);
    }

    /** The clients' messages, in the order of {@code clients}. */
    List<ByteBuffer> train(
            int round, List<Integer> clients, ByteBuffer message, Consumer<Integer> finished) {
        List<Assignment> assignments =
                clients.stream()
                        .map(client -> new Assignment(round, client, rows.get(client), message))
                        .toList();
        return engine.run(assignments, assignment -> finished.accept(assignment.client()));
    }

    /** The updates in the messages of these clients; owned by the caller. */
    ReceivedUpdates receive(
            int round, List<Integer> clients, List<ByteBuffer> messages, ParameterVector global) {
        ReceivedUpdates updates = new ReceivedUpdates(new ArrayList<>());
        try {
            for (int i = 0; i < clients.size(); i++) {
                ReceivedUpdate update = codec.decodeUpdate(messages.get(i), global, compressor);
                updates.received().add(update);
                check(update, round, clients.get(i));
            }
            return updates;
        } catch (RuntimeException e) {
            updates.close();
            throw e;
        }
    }

    private static void check(ReceivedUpdate update, int round, int client) {
        if (update.header().round() != round
                || update.header().client() != client
                || update.header().samples() < 1) {
            throw new FedFmException(
                    ErrorCode.UPDATE_INVALID,
                    "expected an update of client "
                            + client
                            + " in round "
                            + round
                            + ", got "
                            + update.header());
        }
    }
}
