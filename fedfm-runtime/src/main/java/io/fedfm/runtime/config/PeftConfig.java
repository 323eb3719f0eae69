package io.fedfm.runtime.config;

import io.fedfm.api.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The section {@code peft}: one method, or a list of methods that are used together.
 *
 * @param methods at least one, in the order in which their modules are applied
 */
public record PeftConfig(List<PluginChoice> methods) {
    private static final String SECTION = "peft";

    /** Checks that there is a method. */
    public PeftConfig {
        methods = List.copyOf(methods);
        Checks.that(!methods.isEmpty(), "there is no PEFT method");
    }

    /** One method. */
    public static PeftConfig of(PluginChoice method) {
        return new PeftConfig(List.of(method));
    }

    /** What the methods are called together: {@code lora}, {@code lora+bitfit}. */
    public String type() {
        return methods.stream().map(PluginChoice::type).collect(Collectors.joining("+"));
    }

    static PeftConfig from(Settings parent) {
        List<PluginChoice> methods = new ArrayList<>();
        for (Settings section : parent.sections(SECTION)) {
            methods.add(
                    new PluginChoice(section.path(), section.requiredText("type"), section.rest()));
        }
        return new PeftConfig(methods);
    }
}
