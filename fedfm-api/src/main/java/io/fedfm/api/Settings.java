package io.fedfm.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of one component, as YAML gives them, read by name and type.
 *
 * <p>Reading notes the name. A value that is missing, of the wrong type or out of range is noted as
 * a problem and a harmless value is returned, so that {@link #check()} reports all problems at
 * once, together with every setting that nobody read and the nearest name that somebody did.
 *
 * <p>Names are {@code snake_case}; {@code kebab-case} is accepted for the same name.
 */
public final class Settings {
    private final String path;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Settings> sections = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private Settings(String path, Map<?, ?> values) {
        this.path = path;
        values.forEach(
                (key, value) -> this.values.put(String.valueOf(key).replace('-', '_'), value));
    }

    /**
     * Settings found at {@code path} ("peft", "client.optimizer"); the path only serves messages.
     */
    public static Settings of(String path, Map<?, ?> values) {
        return new Settings(Objects.requireNonNull(path, "path is null"), values);
    }

    /** No settings. */
    public static Settings empty(String path) {
        return new Settings(path, Map.of());
    }

    /** Where these settings stand in the configuration. */
    public String path() {
        return path;
    }

    /** Whether a value is given under this name. */
    public boolean has(String name) {
        known.add(name);
        return values.get(name) != null;
    }

    /** A text, or the default. */
    public String text(String name, String defaultValue) {
        return has(name) ? String.valueOf(values.get(name)) : defaultValue;
    }

    /** A text that must be given. */
    public String requiredText(String name) {
        if (!has(name)) {
            problem(name, "is required");
            return "";
        }
        return text(name, "");
    }

    /** One of the given texts, whatever its case; or the default. */
    public String oneOf(String name, String defaultValue, String... allowed) {
        String value = text(name, defaultValue);
        for (String candidate : allowed) {
            if (candidate.equalsIgnoreCase(value)) {
                return candidate;
            }
        }
        problem(
                name,
                "must be one of "
                        + String.join(", ", allowed)
                        + ", was '"
                        + value
                        + "'"
                        + Nearest.to(value, Set.of(allowed))
                                .map(n -> "; did you mean '" + n + "'?")
                                .orElse(""));
        return defaultValue;
    }

    /** A list of texts; a single text is a list of one. */
    public List<String> texts(String name, List<String> defaultValue) {
        if (!has(name)) {
            return defaultValue;
        }
        Object value = values.get(name);
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(value));
    }

    /** A whole number within bounds, or the default. */
    public long integer(String name, long defaultValue, long least, long most) {
        if (!has(name)) {
            return defaultValue;
        }
        double value = parse(name, "a whole number", least);
        if (value != Math.rint(value)) {
            problem(name, "must be a whole number, was " + values.get(name));
            return defaultValue;
        }
        return (long) within(name, value, least, most);
    }

    /** A whole number of 1 or more, or the default. */
    public int positive(String name, int defaultValue) {
        return (int) integer(name, defaultValue, 1, Integer.MAX_VALUE);
    }

    /** A number within bounds, or the default. */
    public double number(String name, double defaultValue, double least, double most) {
        return has(name)
                ? within(name, parse(name, "a number", defaultValue), least, most)
                : defaultValue;
    }

    /** A list of whole numbers of {@code least} or more. */
    public List<Long> integers(String name, List<Long> defaultValue, long least) {
        if (!has(name)) {
            return defaultValue;
        }
        List<Long> result = new ArrayList<>();
        for (String item : texts(name, List.of())) {
            try {
                long number = Long.parseLong(item);
                within(name, number, least, Long.MAX_VALUE);
                result.add(number);
            } catch (NumberFormatException e) {
                problem(name, "must be a list of whole numbers, has '" + item + "'");
            }
        }
        return result;
    }

    /** Numbers of {@code least} or more by name, in the order given and the names as given. */
    public Map<String, Double> numbers(String name, double least) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        if (!has(name)) {
            return numbers;
        }
        if (!(values.get(name) instanceof Map<?, ?> given)) {
            problem(name, "must be names with a number each, was '" + values.get(name) + "'");
            return numbers;
        }
        given.forEach(
                (key, value) -> {
                    if (value instanceof Number number && number.doubleValue() >= least) {
                        numbers.put(String.valueOf(key), number.doubleValue());
                    } else {
                        String what = "must be a number of at least " + plain(least);
                        problem(name + "." + key, what + ", was '" + value + "'");
                    }
                });
        return numbers;
    }

    /** True or false, or the default. */
    public boolean flag(String name, boolean defaultValue) {
        if (!has(name)) {
            return defaultValue;
        }
        String value = text(name, "").toLowerCase(Locale.ROOT);
        if (!value.equals("true") && !value.equals("false")) {
            problem(name, "must be true or false, was '" + value + "'");
            return defaultValue;
        }
        return value.equals("true");
    }

    /**
     * The settings nested under this name; empty ones if there are none. Their problems belong to
     * these.
     */
    public Settings section(String name) {
        String nested = path.isEmpty() ? name : path + "." + name;
        Map<?, ?> map = Map.of();
        if (has(name)) {
            if (values.get(name) instanceof Map<?, ?> given) {
                map = given;
            } else {
                problem(name, "must be a section of settings, was '" + values.get(name) + "'");
            }
        }
        Settings section = new Settings(nested, map);
        sections.add(section);
        return section;
    }

    /**
     * The settings nested in a list under this name, their paths numbered from 0 ({@code peft.0});
     * a single section is a list of one and keeps its path. At least one: empty ones if there are
     * none.
     */
    public List<Settings> sections(String name) {
        if (!(values.get(name) instanceof List<?> list)) {
            return List.of(section(name));
        }
        known.add(name);
        String nested = path.isEmpty() ? name : path + "." + name;
        List<Settings> numbered = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Map<?, ?> map = Map.of();
            if (list.get(i) instanceof Map<?, ?> given) {
                map = given;
            } else {
                problem(name + "." + i, "must be a section of settings, was '" + list.get(i) + "'");
            }
            numbered.add(new Settings(nested + "." + i, map));
        }
        if (numbered.isEmpty()) {
            problem(name, "must have at least one section");
            numbered.add(new Settings(nested, Map.of()));
        }
        sections.addAll(numbered);
        return numbered;
    }

    /**
     * The settings that nobody has read yet, for a component that will read them later; they count
     * as read from now on.
     */
    public Map<String, Object> rest() {
        Map<String, Object> rest = new LinkedHashMap<>(values);
        rest.keySet().removeAll(known);
        known.addAll(rest.keySet());
        return rest;
    }

    /** Notes a problem with the value of a setting; {@link #check()} will report it. */
    public void problem(String name, String what) {
        problems.add((path.isEmpty() ? name : path + "." + name) + " " + what);
    }

    /**
     * Refuses these settings if anything is wrong with them or if one was never read.
     *
     * @throws FedFmException with {@link ErrorCode#SETTINGS_INVALID} and every problem in one line
     */
    public void check() {
        List<String> all = problems();
        if (!all.isEmpty()) {
            throw new FedFmException(ErrorCode.SETTINGS_INVALID, String.join("; ", all));
        }
    }

    /** Every problem found so far, those of nested settings included. */
    public List<String> problems() {
        Stream<String> unread =
                values.keySet().stream()
                        .filter(key -> !known.contains(key))
                        .map(
                                key ->
                                        "unknown setting '"
                                                + (path.isEmpty() ? key : path + "." + key)
                                                + "'"
                                                + hint(key, known));
        return Stream.of(
                        problems.stream(),
                        unread,
                        sections.stream().flatMap(s -> s.problems().stream()))
                .flatMap(s -> s)
                .collect(Collectors.toList());
    }

    private double parse(String name, String what, double otherwise) {
        try {
            return Double.parseDouble(text(name, "").replace("_", ""));
        } catch (NumberFormatException e) {
            problem(name, "must be " + what + ", was '" + values.get(name) + "'");
            return otherwise;
        }
    }

    private double within(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            String bounds =
                    most >= Integer.MAX_VALUE
                            ? "at least " + plain(least)
                            : "from " + plain(least) + " to " + plain(most);
            problem(name, "must be " + bounds + ", was " + values.get(name));
            return least;
        }
        return value;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private static String hint(String given, Set<String> candidates) {
        return Nearest.to(given, candidates)
                .map(n -> "; did you mean '" + n + "'?")
                .orElse(
                        candidates.isEmpty()
                                ? ""
                                : "; known are "
                                        + candidates.stream()
                                                .sorted()
                                                .collect(Collectors.joining(", ")));
    }
}
