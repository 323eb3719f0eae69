package io.fedfm.runtime.record;

import com.fasterxml.jackson.databind.JsonNode;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.record.SafetensorsHeader.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Reads tensors of floats as float32, strictly: 16-bit floats are widened, other types and empty
 * tensors are refused. See {@link SafetensorsHeader}.
 */
public final class SafetensorsReader {
    /** The format's own limit. */
    private static final long MOST_HEADER_BYTES = 100_000_000;

    private static final int CHUNK = 1 << 18;

    private SafetensorsReader() {}

    /**
     * The tensors of a file, laid out in the order of their bytes; owned by the caller.
     *
     * @throws FedFmException CHECKPOINT_INVALID if the file is malformed or has values that are not
     *     finite, FILE_UNREADABLE if it cannot be read
     */
    public static ParameterVector read(Path file, BufferAllocator allocator) {
        return reading(
                file,
                channel -> {
                    byte[] header = headerBytes(channel);
                    long start = Long.BYTES + header.length;
                    List<Place> places = SafetensorsHeader.places(header, channel.size() - start);
                    ParameterVector vector = ParameterVector.zeros(allocator, layout(places));
                    try {
                        fill(vector, places, channel.position(start));
                        return vector;
                    } catch (IOException
                            | SafetensorsHeader.MalformedException
                            | RuntimeException e) {
                        vector.close();
                        throw e;
                    }
                });
    }

    /**
     * The header of a file of tensors of any type: names, and {@code __metadata__} if it is there.
     *
     * @throws FedFmException as {@link #read} does
     */
    public static JsonNode header(Path file) {
        return reading(
                file,
                channel -> {
                    byte[] header = headerBytes(channel);
                    SafetensorsHeader.places(header, channel.size() - Long.BYTES - header.length);
                    return SafetensorsHeader.parse(header);
                });
    }

    private interface Reading<T> {
        T from(FileChannel channel) throws IOException, SafetensorsHeader.MalformedException;
    }

    private static <T> T reading(Path file, Reading<T> reading) {
        try (FileChannel channel = FileChannel.open(file)) {
            return reading.from(channel);
        } catch (SafetensorsHeader.MalformedException e) {
            throw new FedFmException(
                    ErrorCode.CHECKPOINT_INVALID,
                    file + " is no sound safetensors file: " + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE, "cannot read " + file + ": " + Durable.reason(e), e);
        }
    }

    private static ParameterLayout layout(List<Place> places)
            throws SafetensorsHeader.MalformedException {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (Place place : places) {
            if (!FloatBytes.canRead(place.dtype())) {
                throw new SafetensorsHeader.MalformedException(
                        "'"
                                + place.name()
                                + "' has dtype "
                                + place.dtype()
                                + "; only F32, F16 and BF16 are read");
            }
            if (place.begin() == place.end()) {
                throw new SafetensorsHeader.MalformedException("'" + place.name() + "' is empty");
            }
            shapes.put(place.name(), place.shape());
        }
        return ParameterLayout.of(shapes);
    }

    private static byte[] headerBytes(FileChannel channel)
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

    private static void fill(ParameterVector vector, List<Place> places, FileChannel channel)
            throws IOException, SafetensorsHeader.MalformedException {
        long position = 0;
        for (Place place : places) {
            int size = FloatBytes.size(place.dtype());
            long end = position + (place.end() - place.begin()) / size;
            while (position < end) {
                int count = (int) Math.min(CHUNK, end - position);
                FloatBytes.widen(
                        place.dtype(),
                        readFully(channel, count * size),
                        vector.floats(position, count));
                position += count;
            }
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
