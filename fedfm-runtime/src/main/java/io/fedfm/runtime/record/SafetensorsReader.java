package io.fedfm.runtime.record;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/** Reads float32 safetensors, strictly; see {@link SafetensorsHeader}. */
public final class SafetensorsReader {
    /** The format's own limit. */
    private static final long MOST_HEADER_BYTES = 100_000_000;

    private SafetensorsReader() {}

    /**
     * The tensors of a file, laid out in the order of their bytes; owned by the caller.
     *
     * @throws FedFmException CHECKPOINT_INVALID if the file is malformed or has values that are not
     *     finite, FILE_UNREADABLE if it cannot be read
     */
    public static ParameterVector read(Path file, BufferAllocator allocator) {
        try (FileChannel channel = FileChannel.open(file)) {
            byte[] header = header(channel);
            long start = Long.BYTES + header.length;
            Map<String, long[]> shapes = SafetensorsHeader.shapes(header, channel.size() - start);
            ParameterVector vector = ParameterVector.zeros(allocator, ParameterLayout.of(shapes));
            try {
                fill(vector, channel.position(start));
                return vector;
            } catch (IOException | SafetensorsHeader.MalformedException | RuntimeException e) {
                vector.close();
                throw e;
            }
        } catch (SafetensorsHeader.MalformedException e) {
            throw new FedFmException(
                    ErrorCode.CHECKPOINT_INVALID,
                    file + " is no sound safetensors file: " + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] header(FileChannel channel)
            throws IOException, SafetensorsHeader.MalformedException {
        long size = channel.size();
        if (size < Long.BYTES) {
            throw new SafetensorsHeader.MalformedException("it has only " + size + " bytes");
        }
        long length = readFully(channel, Long.BYTES).getLong();
        if (length < 0 || length > MOST_HEADER_BYTES || length > size - Long.BYTES) {
            throw new SafetensorsHeader.MalformedException(
                    "its header of "
                            + Long.toUnsignedString(length)
                            + " bytes is too long or cut short");
        }
        return readFully(channel, (int) length).array();
    }

    private static void fill(ParameterVector vector, FileChannel channel)
            throws IOException, SafetensorsHeader.MalformedException {
        long from = 0;
        while (from < vector.size()) {
            int count = (int) Math.min(1 << 18, vector.size() - from);
            vector.floats(from, count).put(readFully(channel, count * Float.BYTES).asFloatBuffer());
            from += count;
        }
        if (!vector.isFinite()) {
            throw new SafetensorsHeader.MalformedException("it has values that are not finite");
        }
    }

    private static ByteBuffer readFully(FileChannel channel, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return buffer.flip();
    }
}
