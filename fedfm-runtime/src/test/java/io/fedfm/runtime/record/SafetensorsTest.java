package io.fedfm.runtime.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafetensorsTest {
    private static final String TENSOR = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

    private final BufferAllocator allocator = new RootAllocator();
    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("a.safetensors");
    }

    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        try (ParameterVector vector = vector()) {
            SafetensorsWriter.write(vector, file);

            try (ParameterVector read = SafetensorsReader.read(file, allocator)) {
                assertThat(read.layout()).isEqualTo(vector.layout());
                assertThat(read.floats(0, 9)).isEqualTo(vector.floats(0, 9));
            }
        }
    }

    @Test
    void theBytesFollowTheFormatAndNeverChange() throws IOException {
        try (ParameterVector vector = vector()) {
            SafetensorsWriter.write(vector, file);

            ByteBuffer bytes =
                    ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            int header = (int) bytes.getLong(0);
            String json = new String(bytes.array(), 8, header, StandardCharsets.UTF_8);
            assertThat(json.strip())
                    .isEqualTo(
                            "{\"__metadata__\":{\"format\":\"pt\"},"
                                    + "\"b\":{\"dtype\":\"F32\",\"shape\":[2,3],"
                                    + "\"data_offsets\":[0,24]},"
                                    + "\"a\":{\"dtype\":\"F32\",\"shape\":[3],"
                                    + "\"data_offsets\":[24,36]}}");
            assertThat(header % 8).isZero();
            assertThat(bytes.capacity()).isEqualTo(8 + header + 36);
            assertThat(bytes.getFloat(8 + header + 4)).isEqualTo(1.5f);
            assertThat(SafetensorsWriter.sha256(vector)).isEqualTo(Sha256.of(file));
        }
    }

    @Test
    void aSoundHeaderIsRead() throws IOException {
        write("{\"t\":" + TENSOR + "}", 8);

        try (ParameterVector read = SafetensorsReader.read(file, allocator)) {
            assertThat(read.layout().entry("t").shape()).containsExactly(2L);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"t\":T,\"t\":T} | 8 | Duplicate",
                "x{\"t\":T} | 8 | does not start with",
                "[] | 0 | does not start with",
                "{\"t\":T}x | 8 | not JSON",
                "{\"t\":T | 8 | not JSON",
                "{\"t\":T} | 12 | end at byte 8 of 12",
                "{\"t\":T} | 4 | end at byte 8 of 4",
                "{} | 4 | end at byte 0 of 4",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}} | 12 | begins at"
                        + " 4",
                "{\"t\":T,\"u\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}} | 12 |"
                        + " begins at 4",
                "{\"t\":T,\"u\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 8 |"
                        + " begins at 0",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | 8 | 12 bytes by"
                        + " its shape",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | 8 | bad"
                        + " data_offsets",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}} | 8 | bad"
                        + " data_offsets",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | 8 | has the"
                        + " size",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}} | 8 | has the"
                        + " size",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}} | 0 | is"
                        + " empty",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],"
                        + "\"data_offsets\":[0,8]}} | 8 | overflows",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],"
                        + "\"data_offsets\":[0,8]}} | 8 | has the size",
                "{\"t\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}} | 8 | only F32",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2]}} | 8 | is not dtype",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}} | 8 | lacks",
                "{\"t\":7} | 8 | is not dtype",
                "{\"__metadata__\":{\"a\":1}} | 0 | map of texts",
            })
    void anUnsoundHeaderIsRefused(String header, int dataBytes, String message) throws IOException {
        write(header.replace("T", TENSOR), dataBytes);

        assertRefused(message);
    }

    @Test
    void aDamagedFrameIsRefused() throws IOException {
        Files.write(file, new byte[0]);
        assertRefused("only 0 bytes");
        Files.write(file, new byte[7]);
        assertRefused("only 7 bytes");
        for (long length : new long[] {-1, Long.MAX_VALUE, 100_000_001, 17}) {
            Files.write(file, frame(length, new byte[16]));
            assertRefused("too long or cut short");
        }
        Files.write(file, frame(2, new byte[] {'{', (byte) 0xFF}));
        assertRefused("not UTF-8");
    }

    @Test
    void valuesThatAreNotFiniteAreRefused() throws IOException {
        try (ParameterVector vector = vector()) {
            vector.floats("a").put(0, Float.NaN);
            SafetensorsWriter.write(vector, file);
        }

        assertRefused("not finite");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> SafetensorsReader.read(file, allocator))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_INVALID))
                .hasMessageContaining(message);
    }

    private void write(String header, int dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        byte[] rest = new byte[json.length + dataBytes];
        System.arraycopy(json, 0, rest, 0, json.length);
        Files.write(file, frame(json.length, rest));
    }

    private static byte[] frame(long length, byte[] rest) {
        return ByteBuffer.allocate(8 + rest.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(rest)
                .array();
    }

    private ParameterVector vector() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("b", new long[] {2, 3});
        shapes.put("a", new long[] {3});
        ParameterVector vector = ParameterVector.zeros(allocator, ParameterLayout.of(shapes));
        for (int i = 0; i < 9; i++) {
            vector.floats(0, 9).put(i, 1.5f * i);
        }
        return vector;
    }
}
