package io.fedfm.runtime.codec;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The envelope of everything that travels; little-endian:
 *
 * <pre>
 * "FFM1" | version i32 | round i32 | client i32 | samples i64 | steps i32 | loss f64
 *        | layout SHA-256 | payload length i32 | payload | CRC-32C of all before i32
 * </pre>
 *
 * @param header what is told about the payload
 * @param payload the compressed vector
 */
record Message(MessageHeader header, ByteBuffer payload) {
    private static final int MAGIC = 0x314D4646;
    private static final int VERSION = 1;
    private static final int OVERHEAD = 4 + 4 + 4 + 4 + 8 + 4 + 8 + LayoutHash.BYTES + 4 + 4;

    /** The bytes of this message about a layout. */
    ByteBuffer write(byte[] layoutHash) {
        ByteBuffer source = payload.duplicate();
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.addExact(OVERHEAD, source.remaining()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(MAGIC).putInt(VERSION);
        bytes.putInt(header.round()).putInt(header.client());
        bytes.putLong(header.samples()).putInt(header.steps()).putDouble(header.loss());
        bytes.put(layoutHash).putInt(source.remaining()).put(source);
        bytes.putInt(checksum(bytes.duplicate().flip()));
        return bytes.flip();
    }

    /**
     * Reads and checks a message.
     *
     * @throws FedFmException UPDATE_INVALID if a bit of it is not as it was written, or if it is
     *     about another layout
     */
    static Message read(ByteBuffer message, byte[] layoutHash) {
        ByteBuffer bytes = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        int length = bytes.limit();
        if (length < OVERHEAD) {
            throw invalid("is cut short: " + length + " bytes");
        }
        if (bytes.getInt() != MAGIC) {
            throw invalid("does not start as a message does");
        }
        int version = bytes.getInt();
        if (version != VERSION) {
            throw invalid("has format version " + version + ", this is " + VERSION);
        }
        int end = length - Integer.BYTES;
        if (bytes.getInt(end) != checksum(bytes.duplicate().position(0).limit(end))) {
            throw invalid("does not match its checksum");
        }
        MessageHeader header =
                new MessageHeader(
                        bytes.getInt(),
                        bytes.getInt(),
                        bytes.getLong(),
                        bytes.getInt(),
                        bytes.getDouble());
        byte[] hash = new byte[LayoutHash.BYTES];
        bytes.get(hash);
        if (!Arrays.equals(hash, layoutHash)) {
            throw invalid(
                    "from client "
                            + header.client()
                            + " in round "
                            + header.round()
                            + " has layout "
                            + HexFormat.of().formatHex(hash, 0, 4)
                            + "..., expected "
                            + HexFormat.of().formatHex(layoutHash, 0, 4)
                            + "...");
        }
        int payloadLength = bytes.getInt();
        if (payloadLength != end - bytes.position()) {
            throw invalid("has a payload of the wrong length: " + payloadLength);
        }
        return new Message(header, bytes.limit(end).slice());
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }

    private static FedFmException invalid(String what) {
        return new FedFmException(ErrorCode.UPDATE_INVALID, "a message " + what);
    }
}
