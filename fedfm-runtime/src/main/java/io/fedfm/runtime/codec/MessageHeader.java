package io.fedfm.runtime.codec;

/**
 * What is told about the payload of a message.
 *
 * @param round from 1
 * @param client the client it goes to or comes from
 * @param samples rows that the client trained on; 0 on the way down
 * @param steps optimizer steps of the client; 0 on the way down
 * @param loss mean training loss of the client; 0 on the way down
 */
public record MessageHeader(int round, int client, long samples, int steps, double loss) {
    /** The header of what goes down to a client. */
    public static MessageHeader down(int round, int client) {
        return new MessageHeader(round, client, 0, 0, 0);
    }
}
