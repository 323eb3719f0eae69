package io.fedfm.runtime.scaffold;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.plugin.PluginKind;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;

/**
 * What a project for a plugin is called.
 *
 * @param kind what the plugin is
 * @param name in {@code type}: lower-case letters, digits, {@code -} and {@code _}
 * @param packageName of its classes
 */
public record PluginProject(PluginKind kind, String name, String packageName) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");

    /**
     * Checks the names.
     *
     * @throws FedFmException with {@link ErrorCode#SETTINGS_INVALID} and what to give instead
     */
    public PluginProject {
        if (!NAME.matcher(name).matches()) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "--name: '"
                            + name
                            + "' cannot name a plugin: a name starts with a lower-case letter and"
                            + " goes on with lower-case letters, digits, '-' and '_'");
        }
        if (!SourceVersion.isName(packageName)) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "--package: '"
                            + packageName
                            + "' is no name of a Java package; give one such as com.example.mine");
        }
    }

    /** With a package {@code com.example} and the letters and digits of the name. */
    public static PluginProject named(PluginKind kind, String name) {
        return new PluginProject(
                kind,
                name,
                "com.example." + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""));
    }

    /** What its classes start with: {@code gain-and-shift} becomes {@code GainAndShift}. */
    String className() {
        return Pattern.compile("[-_]+")
                .splitAsStream(name)
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }

    /** The folder of its package. */
    String packagePath() {
        return packageName.replace('.', '/');
    }
}
