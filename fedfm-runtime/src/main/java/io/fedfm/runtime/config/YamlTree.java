package io.fedfm.runtime.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads YAML to maps, lists, texts, numbers and booleans, and nothing else.
 *
 * <p>One document; no duplicate keys, no aliases (so no expansion either), no tags that make
 * objects. Keys are turned to {@code snake_case}.
 */
final class YamlTree {
    private static final int MOST_CHARACTERS = 1 << 20;

    private static final YAMLFactory YAML =
            YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(32).build())
                    .build();

    private final String origin;

    private YamlTree(String origin) {
        this.origin = origin;
    }

    /**
     * The mapping at the top of a document; an empty document is an empty mapping.
     *
     * @param text the document
     * @param origin the name of the file, for messages
     */
    static Map<String, Object> mapping(String text, String origin) {
        Object value = value(text, origin);
        if (value == null) {
            return new LinkedHashMap<>();
        }
        if (!(value instanceof Map<?, ?>)) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    origin + " must be a mapping of settings (key: value) at its top");
        }
        @SuppressWarnings("unchecked")
        Map<String, Object> mapping = (Map<String, Object>) value;
        return mapping;
    }

    /** The value of a document: a mapping, a list, a scalar or null. */
    static Object value(String text, String origin) {
        if (text.length() > MOST_CHARACTERS) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    origin + " has more than " + MOST_CHARACTERS + " characters: not settings");
        }
        return new YamlTree(origin).document(text);
    }

    private Object document(String text) {
        try (YAMLParser parser = YAML.createParser(text)) {
            Object value = parser.nextToken() == null ? null : read(parser);
            if (parser.nextToken() != null) {
                throw refused(parser.currentLocation(), "a second document has no use here");
            }
            return value;
        } catch (JacksonException e) {
            throw refused(e.getLocation(), oneLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw refused(null, oneLine(e.getMessage()));
        }
    }

    private Object read(YAMLParser parser) throws IOException {
        if (parser.isCurrentAlias()) {
            throw refused(parser.currentTokenLocation(), "aliases (*name) are not taken");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(parser);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(parser));
                }
                yield list;
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            default -> parser.getText();
        };
    }

    /** A pattern for module names keeps its hyphens: in {@code [0-5]} one means a range. */
    private static String settingName(String key) {
        return key.matches("[A-Za-z0-9_-]*") ? key.replace('-', '_') : key;
    }

    private Map<String, Object> mapping(YAMLParser parser) throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = settingName(parser.currentName());
            JsonLocation location = parser.currentTokenLocation();
            parser.nextToken();
            Object value = read(parser);
            if (map.containsKey(key)) {
                throw refused(location, "'" + key + "' is given twice");
            }
            map.put(key, value);
        }
        return map;
    }

    private FedFmException refused(JsonLocation location, String what) {
        String where =
                location == null
                        ? origin
                        : origin
                                + ", line "
                                + location.getLineNr()
                                + ", column "
                                + location.getColumnNr();
        return new FedFmException(ErrorCode.SETTINGS_INVALID, where + ": " + what);
    }

    /** What is wrong, without the parser's own quotation of the place, whose lines are indented. */
    private static String oneLine(String message) {
        String line =
                message == null
                        ? ""
                        : message.lines()
                                .filter(part -> !part.isBlank() && !part.startsWith(" "))
                                .collect(Collectors.joining(", "));
        return line.isEmpty() ? "unreadable" : line;
    }
}
