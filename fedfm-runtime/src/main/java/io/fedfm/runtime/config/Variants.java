package io.fedfm.runtime.config;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The variants of a file of settings: its section {@code compare} gives each a name and the
 * settings that it changes. Sections are merged key by key, but {@code peft} is replaced whole:
 * settings of one method have no meaning for another.
 */
final class Variants {
    /** The section's name. */
    static final String SECTION = "compare";

    private static final String PEFT = "peft";

    private Variants() {}

    /** The whole tree of each variant that is wanted; of all that the file names if none is. */
    static Map<String, Map<String, Object>> of(
            Map<String, Object> file, List<String> wanted, Path origin) {
        Map<String, Object> base = new LinkedHashMap<>(file);
        Map<String, Object> named = section(base.remove(SECTION), origin);
        List<String> names = wanted.isEmpty() ? new ArrayList<>(named.keySet()) : wanted;
        if (names.isEmpty()) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    origin + " has no section 'compare'; name methods with --methods");
        }
        Map<String, Map<String, Object>> trees = new LinkedHashMap<>();
        for (String name : names) {
            Map<String, Object> changes =
                    // Dashes in keys were read as underscores.
                    Optional.ofNullable(named.getOrDefault(name, named.get(name.replace('-', '_'))))
                            .map(value -> section(value, origin))
                            .orElseGet(() -> Map.of(PEFT, methods(name)));
            trees.put(name, merge(base, changes));
        }
        return trees;
    }

    /** One method, or several that are used together: "lora+bitfit". */
    private static Object methods(String name) {
        List<Map<String, Object>> methods =
                Stream.of(name.split("\\+"))
                        .map(type -> Map.<String, Object>of("type", type))
                        .toList();
        return methods.size() == 1 ? methods.get(0) : methods;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> merge(Map<String, Object> base, Map<String, ?> changes) {
        Map<String, Object> merged = new LinkedHashMap<>();
        base.forEach((key, value) -> merged.put(key, copy(value)));
        changes.forEach(
                (key, value) -> {
                    boolean sections =
                            value instanceof Map<?, ?> && merged.get(key) instanceof Map<?, ?>;
                    merged.put(
                            key,
                            sections && !key.equals(PEFT)
                                    ? merge(
                                            (Map<String, Object>) merged.get(key),
                                            (Map<String, Object>) value)
                                    : copy(value));
                });
        return merged;
    }

    /** Overrides write into trees: variants must not share parts of them. */
    @SuppressWarnings("unchecked")
    private static Object copy(Object value) {
        if (value instanceof List<?> list) {
            return new ArrayList<>(list.stream().map(Variants::copy).toList());
        }
        return value instanceof Map<?, ?> ? merge((Map<String, Object>) value, Map.of()) : value;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> section(Object value, Path origin) {
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?>)) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    origin
                            + ": 'compare' must map names of variants to the settings they change,"
                            + " found '"
                            + value
                            + "'");
        }
        return (Map<String, Object>) value;
    }
}
