package io.fedfm.runtime.federation;

import io.fedfm.api.compress.Compressor;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.codec.MessageHeader;
import io.fedfm.runtime.codec.UpdateCodec;
import io.fedfm.runtime.data.Row;
import io.fedfm.runtime.train.ClientResult;
import io.fedfm.runtime.train.ClientTask;
import io.fedfm.runtime.train.LocalTrainer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The clients of a simulation: receive the global parameters, join them with what the client keeps,
 * train, keep the client's part, send the rest.
 */
public final class LocalClient implements ClientWorker {
    private final List<List<Row>> rows;
    private final LocalTrainer trainer;
    private final UpdateCodec codec;
    private final StateLayouts layouts;
    private final LocalParts locals;
    private final Supplier<Compressor> newCompressor;
    private final Map<Integer, Compressor> compressors = new ConcurrentHashMap<>();
    private final BufferAllocator allocator;

    /** Clients with these rows; each gets a compressor of its own. */
    public LocalClient(
            List<List<Row>> rows,
            LocalTrainer trainer,
            UpdateCodec codec,
            StateLayouts layouts,
            LocalParts locals,
            Supplier<Compressor> newCompressor,
            BufferAllocator allocator) {
        this.rows = rows;
        this.trainer = trainer;
        this.codec = codec;
        this.layouts = layouts;
        this.locals = locals;
        this.newCompressor = newCompressor;
        this.allocator = allocator;
    }

    @Override
    public ByteBuffer work(Assignment assignment) {
        int client = assignment.client();
        try (ParameterVector global = codec.decodeGlobal(assignment.message());
                ParameterVector start = ParameterVector.zeros(allocator, layouts.full());
                ParameterVector trained = ParameterVector.zeros(allocator, layouts.shared())) {
            layouts.join(global, locals.of(client), start);
            ClientTask task = new ClientTask(assignment.round(), client, rows.get(client), start);
            try (ClientResult result = trainer.train(task)) {
                layouts.extract(result.parameters(), locals.of(client));
                layouts.extract(result.parameters(), trained);
                MessageHeader header =
                        new MessageHeader(
                                assignment.round(),
                                client,
                                result.samples(),
                                result.steps(),
                                result.loss());
                Compressor compressor =
                        compressors.computeIfAbsent(client, id -> newCompressor.get());
                return codec.encodeUpdate(header, global, trained, compressor);
            }
        }
    }
}
