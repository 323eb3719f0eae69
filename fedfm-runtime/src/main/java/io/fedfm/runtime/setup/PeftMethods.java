package io.fedfm.runtime.setup;

import io.fedfm.api.peft.PeftMethod;
import io.fedfm.runtime.config.PeftConfig;
import io.fedfm.runtime.config.PluginChoice;
import io.fedfm.runtime.plugin.ComposedMethod;
import io.fedfm.runtime.plugin.PluginInfo;
import io.fedfm.runtime.plugin.PluginKind;
import io.fedfm.runtime.plugin.PluginRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the methods that the section {@code peft} names. */
public final class PeftMethods {
    private PeftMethods() {}

    /**
     * The method, or several as one.
     *
     * @throws io.fedfm.api.FedFmException SETTINGS_INVALID, if one is unknown or refuses its
     *     settings
     */
    public static PeftMethod create(PeftConfig config, PluginRegistry plugins) {
        List<PluginChoice> choices = config.methods();
        if (choices.size() == 1) {
            return create(choices.get(0), plugins);
        }
        Map<String, PeftMethod> methods = new LinkedHashMap<>();
        for (PluginChoice choice : choices) {
            methods.put(choice.path() + ", " + choice.type(), create(choice, plugins));
        }
        return new ComposedMethod(methods);
    }

    private static PeftMethod create(PluginChoice choice, PluginRegistry plugins) {
        return plugins.createMethod(choice.type(), choice.settings());
    }

    /** Their plugins, each once. */
    public static List<PluginInfo> plugins(PeftConfig config, PluginRegistry plugins) {
        return config.methods().stream()
                .map(PluginChoice::type)
                .distinct()
                .map(type -> plugins.info(PluginKind.PEFT, type))
                .toList();
    }
}
