package io.fedfm.plugin.none;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.testing.ParameterVectors;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

final class NoCompressorTest {
    @Test
    void writesLittleEndianFloats() {
        try (BufferAllocator allocator = new RootAllocator();
                ParameterVector vector = ParameterVectors.of(allocator, 1f, -2.5f)) {
            ByteBuffer payload = new NoCompressor().compress(vector);

            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            assertThat(bytes).containsExactly(0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0);
        }
    }

    @Test
    void saysWhichLengthItExpected() {
        try (BufferAllocator allocator = new RootAllocator();
                ParameterVector vector = ParameterVectors.of(allocator, 1f, -2.5f)) {
            assertThatThrownBy(() -> new NoCompressor().decompress(ByteBuffer.allocate(12), vector))
                    .hasMessage("an update of 2 parameters has 8 bytes, this one has 12");
        }
    }
}
