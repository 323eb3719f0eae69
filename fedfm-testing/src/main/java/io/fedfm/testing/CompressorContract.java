package io.fedfm.testing;

import static io.fedfm.testing.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.compress.Compressor;
import io.fedfm.api.compress.CompressorFactory;
import io.fedfm.api.tensor.ParameterVector;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every compressor keeps to; a compressor's test extends this and names its factory. */
public abstract class CompressorContract {
    private BufferAllocator allocator;
    private ParameterVector vector;
    private ParameterVector result;

    /** The factory under test. */
    protected abstract CompressorFactory factory();

    /** The settings to test with; none unless overridden. */
    protected Map<String, Object> settings() {
        return Map.of();
    }

    /** The largest error of an element of a standard normal vector; 0 says lossless. */
    protected double maxError() {
        return 0;
    }

    @BeforeEach
    void openVectors() {
        allocator = new RootAllocator();
        vector = ParameterVectors.random(allocator, ParameterVectors.layout(), 3);
        result = ParameterVectors.unwritten(allocator, ParameterVectors.layout());
    }

    /** Closing the allocator fails the test if the compressor left a buffer open. */
    @AfterEach
    void closeVectors() {
        vector.close();
        result.close();
        allocator.close();
    }

    @Test
    void factoryIsNamedAndDiscoverable() {
        PluginContract.checkIdentity(factory().name(), factory().apiVersion());
        ServiceFiles.assertDiscoverable(CompressorFactory.class, factory().getClass());
    }

    @Test
    void unknownSettingIsRefused() {
        PluginContract.checkUnknownSettingIsRefused(factory()::create, settings());
    }

    @Test
    void roundTripStaysWithinTheDeclaredError() {
        create().decompress(ByteBuffer.wrap(payload()), result);

        assertClose(result, ParameterVectors.values(vector), maxError());
    }

    @Test
    void vectorIsLeftAlone() {
        float[] before = ParameterVectors.values(vector);

        create().compress(vector);

        assertClose(vector, before, 0);
    }

    @Test
    void sameVectorGivesTheSameBytes() {
        assertThat(payload()).isEqualTo(payload());
    }

    /** Payloads come from a network or a file: read-only, with other bytes before and after. */
    @Test
    void payloadMayBeAPartOfAReadOnlyBuffer() {
        byte[] payload = payload();
        ByteBuffer padded = ByteBuffer.allocate(payload.length + 7);
        padded.position(3).put(payload);
        ByteBuffer part = padded.flip().position(3).asReadOnlyBuffer();

        create().decompress(part, result);

        assertClose(result, ParameterVectors.values(vector), maxError());
    }

    @Test
    void payloadCutShortIsRefused() {
        byte[] payload = payload();

        assertRefused(Arrays.copyOf(payload, payload.length - 1));
        assertRefused(new byte[0]);
    }

    @Test
    void payloadWithMoreBytesIsRefused() {
        byte[] payload = payload();

        assertRefused(Arrays.copyOf(payload, payload.length + 1));
    }

    private Compressor create() {
        return PluginContract.create(factory()::create, settings());
    }

    private byte[] payload() {
        ByteBuffer compressed = create().compress(vector);
        byte[] bytes = new byte[compressed.remaining()];
        compressed.get(bytes);
        return bytes;
    }

    private void assertRefused(byte[] payload) {
        assertThatThrownBy(() -> create().decompress(ByteBuffer.wrap(payload), result))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UPDATE_INVALID));
    }
}
