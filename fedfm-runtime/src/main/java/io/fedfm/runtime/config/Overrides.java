package io.fedfm.runtime.config;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Settings of the command line, {@code dotted.path=value}, laid over those of a file. */
final class Overrides {
    private final Map<String, Object> values = new LinkedHashMap<>();

    /**
     * Parses each {@code dotted.path=value}; the value is read as YAML, so {@code [q, v]} is a list
     * and {@code 1e-3} a number.
     *
     * @throws FedFmException with {@link ErrorCode#SETTINGS_INVALID} for one without {@code =} or
     *     with an empty name
     */
    Overrides(List<String> assignments) {
        for (String assignment : assignments) {
            int at = assignment.indexOf('=');
            String path = at < 0 ? "" : assignment.substring(0, at).strip().replace('-', '_');
            if (!path.matches("\\w+(\\.\\w+)*")) {
                throw new FedFmException(
                        ErrorCode.SETTINGS_INVALID,
                        "-c takes key=value with a dotted key (client.optimizer.lr=0.001), got '"
                                + assignment
                                + "'");
            }
            values.put(path, YamlTree.value(assignment.substring(at + 1), "-c " + path));
        }
    }

    /** The dotted paths. */
    Set<String> paths() {
        return new LinkedHashSet<>(values.keySet());
    }

    /** Writes the values into a tree; sections that are not there are made. */
    void applyTo(Map<String, Object> tree) {
        values.forEach((path, value) -> set(tree, path, path, value));
    }

    @SuppressWarnings("unchecked")
    private static void set(Map<String, Object> tree, String rest, String path, Object value) {
        int dot = rest.indexOf('.');
        if (dot < 0) {
            tree.put(rest, value);
            return;
        }
        String section = rest.substring(0, dot);
        Object nested = tree.get(section);
        if (nested == null) {
            nested = new LinkedHashMap<String, Object>();
            tree.put(section, nested);
        }
        String inside = rest.substring(dot + 1);
        if (nested instanceof List<?> list) {
            setInList((List<Object>) list, section, inside, path, value);
            return;
        }
        if (!(nested instanceof Map<?, ?>)) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "-c " + path + ": '" + section + "' is a value, not a section of settings");
        }
        set((Map<String, Object>) nested, inside, path, value);
    }

    /** The sections of a list have numbers for names, from 0. */
    @SuppressWarnings("unchecked")
    private static void setInList(
            List<Object> list, String section, String rest, String path, Object value) {
        int dot = rest.indexOf('.');
        String number = dot < 0 ? rest : rest.substring(0, dot);
        boolean there = number.matches("\\d{1,4}") && Integer.parseInt(number) < list.size();
        Object element = there ? list.get(Integer.parseInt(number)) : null;
        if (dot < 0 || !(element instanceof Map<?, ?>)) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "-c "
                            + path
                            + ": '"
                            + section
                            + "' is a list; name a setting of one of its sections, from "
                            + section
                            + ".0.type to "
                            + section
                            + "."
                            + (list.size() - 1)
                            + ".type");
        }
        set((Map<String, Object>) element, rest.substring(dot + 1), path, value);
    }
}
