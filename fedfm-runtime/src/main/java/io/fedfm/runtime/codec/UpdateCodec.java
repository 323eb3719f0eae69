package io.fedfm.runtime.codec;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.compress.Compressor;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Vectors of one layout to messages and back. Down goes the vector itself; up goes the change,
 * {@code parameters - base}, through a compressor, because a change is what compresses well.
 */
public final class UpdateCodec {
    private static final Compressor RAW = new RawFloats();

    private final ParameterLayout layout;
    private final byte[] layoutHash;
    private final BufferAllocator allocator;

    /** A codec for vectors of this layout. */
    public UpdateCodec(ParameterLayout layout, BufferAllocator allocator) {
        this.layout = layout;
        this.layoutHash = LayoutHash.of(layout);
        this.allocator = allocator;
    }

    /** The message with the global parameters of a round, the same for every client. */
    public ByteBuffer encodeGlobal(int round, ParameterVector global) {
        return new Message(MessageHeader.down(round), RAW.compress(global)).write(layoutHash);
    }

    /**
     * The global parameters in a message; owned by the caller.
     *
     * @throws FedFmException UPDATE_INVALID if the message is not whole
     */
    public ParameterVector decodeGlobal(ByteBuffer message) {
        Message read = Message.read(message, layoutHash);
        return filled(read, RAW);
    }

    /**
     * The message with a client's update.
     *
     * @param base the parameters that the client was sent
     * @param parameters its parameters now
     * @param compressor the client's own
     */
    public ByteBuffer encodeUpdate(
            MessageHeader header,
            ParameterVector base,
            ParameterVector parameters,
            Compressor compressor) {
        try (ParameterVector change = parameters.copy(allocator)) {
            addScaled(change, base, -1);
            ByteBuffer payload = PluginCalls.call("compressor", () -> compressor.compress(change));
            return new Message(header, payload).write(layoutHash);
        }
    }

    /**
     * What a client sent; owned by the caller.
     *
     * @throws FedFmException UPDATE_INVALID if the message is not whole or not finite
     */
    public ReceivedUpdate decodeUpdate(
            ByteBuffer message, ParameterVector base, Compressor compressor) {
        Message read = Message.read(message, layoutHash);
        ParameterVector parameters = filled(read, compressor);
        addScaled(parameters, base, 1);
        if (!parameters.isFinite()) {
            parameters.close();
            throw new FedFmException(
                    ErrorCode.UPDATE_INVALID,
                    "client "
                            + read.header().client()
                            + ", round "
                            + read.header().round()
                            + ": the update has values that are not finite");
        }
        return new ReceivedUpdate(read.header(), parameters);
    }

    private ParameterVector filled(Message message, Compressor compressor) {
        ParameterVector vector = ParameterVector.zeros(allocator, layout);
        try {
            PluginCalls.run("compressor", () -> compressor.decompress(message.payload(), vector));
            return vector;
        } catch (RuntimeException e) {
            vector.close();
            throw e;
        }
    }

    private static void addScaled(ParameterVector target, ParameterVector other, float factor) {
        target.forEachChunk(
                (from, count) -> {
                    FloatBuffer sums = target.floats(from, count);
                    FloatBuffer terms = other.floats(from, count);
                    for (int i = 0; i < count; i++) {
                        sums.put(i, sums.get(i) + factor * terms.get(i));
                    }
                });
    }
}
