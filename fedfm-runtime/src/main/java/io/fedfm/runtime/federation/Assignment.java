package io.fedfm.runtime.federation;

import java.nio.ByteBuffer;

/**
 * What a client is asked to do in a round.
 *
 * @param round from 1
 * @param client its id
 * @param work how much it is, in rows; serves only to start the longest first
 * @param message the global parameters as bytes; read through a view of its own
 */
public record Assignment(int round, int client, long work, ByteBuffer message) {
    /** Keeps a read-only view. */
    public Assignment {
        message = message.asReadOnlyBuffer();
    }

    /** The bytes, as a fresh view. */
    @Override
    public ByteBuffer message() {
        return message.duplicate();
    }
}
