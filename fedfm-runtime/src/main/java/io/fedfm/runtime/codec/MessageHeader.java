package io.fedfm.runtime.codec;

/**
 * What is told about the payload of a message.
 *
 * @param round from 1
 * @param client the client it comes from; {@link #ALL} on the way down
 * @param samples rows that the client trained on; 0 on the way down
 * @param steps optimizer steps of the client; 0 on the way down
 * @param loss mean training loss of the client; 0 on the way down
 */
public record MessageHeader(int round, int client, long samples, int steps, double loss) {
    /** Whom global parameters go to. */
    public static final int ALL = -1;

    /** The header of what goes down. */
    static MessageHeader down(int round) {
        return new MessageHeader(round, ALL, 0, 0, 0);
    }
}
