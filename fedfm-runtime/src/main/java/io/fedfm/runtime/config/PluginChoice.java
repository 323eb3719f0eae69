package io.fedfm.runtime.config;

import io.fedfm.api.Settings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A section that a plugin reads: which plugin, and its settings.
 *
 * @param path where the section stands ("federation.aggregator")
 * @param type the name of the plugin
 * @param values the settings as YAML gives them, without {@code type}
 */
public record PluginChoice(String path, String type, Map<String, Object> values) {
    /** Copies the values. */
    public PluginChoice {
        Objects.requireNonNull(path, "path is null");
        Objects.requireNonNull(type, "type is null");
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** A plugin without settings. */
    public static PluginChoice of(String path, String type) {
        return new PluginChoice(path, type, Map.of());
    }

    /** Reads the section of this name; an empty default makes {@code type} required. */
    static PluginChoice from(Settings parent, String name, String defaultType) {
        Settings section = parent.section(name);
        String type =
                defaultType.isEmpty()
                        ? section.requiredText("type")
                        : section.text("type", defaultType);
        return new PluginChoice(section.path(), type, section.rest());
    }

    /** The whole section, {@code type} included and nothing read; each call makes it afresh. */
    public Settings settings() {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("type", type);
        section.putAll(values);
        return Settings.of(path, section);
    }
}
