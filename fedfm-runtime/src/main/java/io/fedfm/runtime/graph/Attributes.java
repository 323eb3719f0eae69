package io.fedfm.runtime.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The attributes of a node; a value is a {@code Long}, {@code Float}, {@code String}, {@code
 * long[]}, {@code float[]} , {@code List<String>} or {@link Tensor}.
 */
public final class Attributes {
    private static final Attributes NONE = new Attributes(Map.of());

    private final Map<String, Object> values;

    private Attributes(Map<String, Object> values) {
        this.values = values;
    }

    /** No attributes. */
    public static Attributes none() {
        return NONE;
    }

    /** One attribute. */
    public static Attributes of(String name, Object value) {
        return NONE.with(name, value);
    }

    /** These and one more. */
    public Attributes with(String name, Object value) {
        Map<String, Object> copy = new LinkedHashMap<>(values);
        copy.put(
                name,
                value instanceof Integer number
                        ? (Object) number.longValue()
                        : Objects.requireNonNull(value, name));
        return new Attributes(copy);
    }

    /** These less one. */
    public Attributes without(String name) {
        Map<String, Object> copy = new LinkedHashMap<>(values);
        copy.remove(name);
        return new Attributes(copy);
    }

    /** The names, in order. */
    public Set<String> names() {
        return values.keySet();
    }

    /** Whether there is one of this name. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value as it is, or null. */
    public Object value(String name) {
        return values.get(name);
    }

    /** An integer. */
    public long integer(String name, long defaultValue) {
        return has(name) ? (Long) values.get(name) : defaultValue;
    }

    /** A float. */
    public float number(String name, float defaultValue) {
        return has(name) ? (Float) values.get(name) : defaultValue;
    }

    /** A text. */
    public String text(String name, String defaultValue) {
        return has(name) ? (String) values.get(name) : defaultValue;
    }

    /** A list of integers; null if there is none. */
    public long[] integers(String name) {
        return (long[]) values.get(name);
    }

    /** A tensor; null if there is none. */
    public Tensor tensor(String name) {
        return (Tensor) values.get(name);
    }

    /** A list of texts; null if there is none. */
    @SuppressWarnings("unchecked")
    public List<String> texts(String name) {
        return (List<String>) values.get(name);
    }
}
