package io.fedfm.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.compress.Compressor;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class UpdateCodecTest {
    private static final MessageHeader HEADER = new MessageHeader(3, 7, 100, 14, 0.25);
    private static final Compressor RAW = new RawFloats();

    private final BufferAllocator allocator = new RootAllocator();
    private final UpdateCodec codec = new UpdateCodec(layout("a"), allocator);

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    @Test
    void globalParametersArriveBitByBit() {
        try (ParameterVector global = vector(0.1f);
                ParameterVector arrived = codec.decodeGlobal(codec.encodeGlobal(3, global))) {
            assertThat(arrived.floats(0, 6)).isEqualTo(global.floats(0, 6));
        }
    }

    @Test
    void updatesArriveWithTheirHeader() {
        try (ParameterVector base = vector(1);
                ParameterVector trained = vector(1.5f);
                ReceivedUpdate arrived =
                        codec.decodeUpdate(
                                codec.encodeUpdate(HEADER, base, trained, RAW), base, RAW)) {
            assertThat(arrived.header()).isEqualTo(HEADER);
            assertThat(arrived.parameters().floats(0, 6)).isEqualTo(trained.floats(0, 6));
        }
    }

    @Test
    void whatIsCompressedIsTheChange() {
        Compressor none =
                new Compressor() {
                    @Override
                    public ByteBuffer compress(ParameterVector vector) {
                        assertThat(vector.floats("a").get(0)).isEqualTo(0.5f, within(1e-6f));
                        return ByteBuffer.allocate(0);
                    }

                    @Override
                    public void decompress(ByteBuffer payload, ParameterVector result) {
                        // The change is lost, so the base must come back.
                    }
                };
        try (ParameterVector base = vector(1);
                ParameterVector trained = vector(1.5f);
                ReceivedUpdate arrived =
                        codec.decodeUpdate(
                                codec.encodeUpdate(HEADER, base, trained, none), base, none)) {
            assertThat(arrived.parameters().floats(0, 6)).isEqualTo(base.floats(0, 6));
        }
    }

    @Test
    void anyChangedBitIsNoticed() {
        try (ParameterVector global = vector(0.1f)) {
            ByteBuffer message = codec.encodeGlobal(3, global);
            for (int bit = 0; bit < message.remaining() * 8; bit++) {
                ByteBuffer corrupt = copy(message, message.remaining());
                corrupt.put(bit / 8, (byte) (corrupt.get(bit / 8) ^ 1 << bit % 8));
                assertInvalid(corrupt);
            }
        }
    }

    @Test
    void anyLengthButTheRightOneIsNoticed() {
        try (ParameterVector global = vector(0.1f)) {
            ByteBuffer message = codec.encodeGlobal(3, global);
            for (int length = 0; length < message.remaining(); length++) {
                assertInvalid(copy(message, length));
            }
            assertInvalid(ByteBuffer.allocate(message.remaining() + 1).put(message).rewind());
        }
    }

    @Test
    void anotherLayoutIsRefused() {
        try (ParameterVector global = vector(0.1f)) {
            UpdateCodec other = new UpdateCodec(layout("b"), allocator);

            assertThatThrownBy(() -> other.decodeGlobal(codec.encodeGlobal(3, global)))
                    .hasMessageContaining("has layout");
        }
    }

    @Test
    void valuesThatAreNotFiniteAreRefused() {
        try (ParameterVector base = vector(1);
                ParameterVector trained = vector(1)) {
            trained.floats("a").put(0, Float.POSITIVE_INFINITY);
            ByteBuffer message = codec.encodeUpdate(HEADER, base, trained, RAW);

            assertThatThrownBy(() -> codec.decodeUpdate(message, base, RAW))
                    .hasMessageContainingAll("client 7", "round 3", "not finite");
        }
    }

    @Test
    void aFailingPluginIsNamed() {
        Compressor failing =
                new Compressor() {
                    @Override
                    public ByteBuffer compress(ParameterVector vector) {
                        throw new IllegalStateException("out of order");
                    }

                    @Override
                    public void decompress(ByteBuffer payload, ParameterVector result) {
                        payload.getLong(payload.limit());
                    }
                };
        try (ParameterVector base = vector(1)) {
            ByteBuffer message = codec.encodeUpdate(HEADER, base, base, RAW);

            assertThatThrownBy(() -> codec.encodeUpdate(HEADER, base, base, failing))
                    .isInstanceOfSatisfying(
                            FedFmException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.PLUGIN_FAILED))
                    .hasMessageContaining("out of order");
            assertThatThrownBy(() -> codec.decodeUpdate(message, base, failing))
                    .hasMessageContaining("compressor failed");
        }
    }

    @Test
    void longVectorsTravelInPieces() {
        int size = (1 << 20) + 3;
        ParameterLayout layout = ParameterLayout.of(Map.of("w", new long[] {size}));
        UpdateCodec big = new UpdateCodec(layout, allocator);
        try (ParameterVector global = ParameterVector.zeros(allocator, layout)) {
            global.floats("w").put(0, 1f).put(1 << 20, 2f).put(size - 1, 3f);

            try (ParameterVector arrived = big.decodeGlobal(big.encodeGlobal(1, global))) {
                assertThat(arrived.floats("w")).isEqualTo(global.floats("w"));
            }
        }
    }

    private void assertInvalid(ByteBuffer message) {
        assertThatThrownBy(() -> codec.decodeGlobal(message))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UPDATE_INVALID));
    }

    private static ByteBuffer copy(ByteBuffer message, int length) {
        return ByteBuffer.allocate(length).put(message.slice(0, length)).rewind();
    }

    private static ParameterLayout layout(String first) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(first, new long[] {2, 2});
        shapes.put("z", new long[] {2});
        return ParameterLayout.of(shapes);
    }

    private ParameterVector vector(float value) {
        ParameterVector vector = ParameterVector.zeros(allocator, layout("a"));
        for (int i = 0; i < 6; i++) {
            vector.floats(0, 6).put(i, value + i);
        }
        return vector;
    }
}
