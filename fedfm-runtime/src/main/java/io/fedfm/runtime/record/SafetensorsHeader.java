package io.fedfm.runtime.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The header of a safetensors file, which trusts nothing: see the format's own checks. */
final class SafetensorsHeader {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /** Bytes of an element. */
    private static final Map<String, Integer> SIZES =
            Map.ofEntries(
                    Map.entry("BOOL", 1),
                    Map.entry("U8", 1),
                    Map.entry("I8", 1),
                    Map.entry("F8_E5M2", 1),
                    Map.entry("F8_E4M3", 1),
                    Map.entry("I16", 2),
                    Map.entry("U16", 2),
                    Map.entry("F16", 2),
                    Map.entry("BF16", 2),
                    Map.entry("I32", 4),
                    Map.entry("U32", 4),
                    Map.entry("F32", 4),
                    Map.entry("I64", 8),
                    Map.entry("U64", 8),
                    Map.entry("F64", 8),
                    Map.entry("C64", 8));

    /**
     * Where one tensor is.
     *
     * @param begin its first byte after the header
     * @param end the byte after its last
     */
    record Place(String name, String dtype, long[] shape, long begin, long end) {}

    private SafetensorsHeader() {}

    /**
     * The tensors, in the order of their bytes.
     *
     * @param header the bytes of the JSON
     * @param dataBytes how many bytes follow the header in the file
     * @throws MalformedException if anything about it is not as it must be
     */
    static List<Place> places(byte[] header, long dataBytes) throws MalformedException {
        List<Place> places = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : parse(header).properties()) {
            if (field.getKey().equals("__metadata__")) {
                checkMetadata(field.getValue());
            } else {
                places.add(place(field.getKey(), field.getValue()));
            }
        }
        places.sort(Comparator.comparingLong(Place::begin).thenComparingLong(Place::end));
        long position = 0;
        for (Place place : places) {
            if (place.begin() != position) {
                throw new MalformedException(
                        "'" + place.name() + "' begins at " + place.begin() + ", not " + position);
            }
            position = place.end();
        }
        if (position != dataBytes) {
            throw new MalformedException(
                    "its tensors end at byte " + position + " of " + dataBytes + " bytes of data");
        }
        return places;
    }

    /** The JSON of a header. */
    static JsonNode parse(byte[] header) throws MalformedException {
        if (header.length == 0 || header[0] != '{') {
            throw new MalformedException("its header does not start with '{'");
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString();
            return JSON.readTree(text);
        } catch (CharacterCodingException e) {
            throw new MalformedException("its header is not UTF-8");
        } catch (JsonProcessingException e) {
            throw new MalformedException("its header is not JSON: " + e.getOriginalMessage());
        }
    }

    private static void checkMetadata(JsonNode metadata) throws MalformedException {
        boolean texts = metadata.isObject();
        for (JsonNode value : metadata) {
            texts &= value.isTextual();
        }
        if (!texts) {
            throw new MalformedException("its __metadata__ is not a map of texts");
        }
    }

    private static Place place(String name, JsonNode tensor) throws MalformedException {
        if (!tensor.isObject() || tensor.size() != 3) {
            throw new MalformedException("'" + name + "' is not dtype, shape and data_offsets");
        }
        String dtype = tensor.path("dtype").asText();
        if (!SIZES.containsKey(dtype)) {
            throw new MalformedException("'" + name + "' has the dtype " + tensor.path("dtype"));
        }
        long[] shape = naturals(name, tensor.path("shape"));
        long[] offsets = naturals(name, tensor.path("data_offsets"));
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw new MalformedException("'" + name + "' has bad data_offsets");
        }
        long bytes = SIZES.get(dtype);
        try {
            for (long dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
        } catch (ArithmeticException e) {
            throw new MalformedException("'" + name + "' has a shape that overflows");
        }
        if (bytes != offsets[1] - offsets[0]) {
            throw new MalformedException(
                    "'" + name + "' is " + bytes + " bytes by its shape, not by its data_offsets");
        }
        return new Place(name, dtype, shape, offsets[0], offsets[1]);
    }

    private static long[] naturals(String name, JsonNode list) throws MalformedException {
        if (!list.isArray()) {
            throw new MalformedException("'" + name + "' lacks its shape or data_offsets");
        }
        long[] numbers = new long[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonNode number = list.get(i);
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 0) {
                throw new MalformedException("'" + name + "' has the size or offset " + number);
            }
            numbers[i] = number.asLong();
        }
        return numbers;
    }

    /** Something about the file is not as it must be. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String what) {
            super(what);
        }
    }
}
