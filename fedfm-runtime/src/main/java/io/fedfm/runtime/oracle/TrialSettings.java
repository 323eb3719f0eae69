package io.fedfm.runtime.oracle;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.plugin.PluginRegistry;
import java.util.List;
import java.util.Map;

/** The settings a method is checked with: those that train the most of a backbone come first. */
final class TrialSettings {
    private static final List<Map<String, Object>> DEFAULTS = List.of(Map.of());

    private static final Map<String, List<Map<String, Object>>> BY_METHOD =
            Map.of(
                    "lora",
                    List.of(
                            // A packed projection as a whole, and its parts.
                            Map.of("target_modules", List.of("all-linear", "q", "k", "v")),
                            Map.of("target_modules", "all-linear")),
                    "adapter",
                    List.of(Map.of(), Map.of("placement", "houlsby")),
                    "mixture",
                    List.of(
                            Map.of("num_experts", 2, "tasks", List.of("a", "b")),
                            Map.of(
                                    "num_experts",
                                    2,
                                    "tasks",
                                    List.of("a", "b"),
                                    "placement",
                                    "houlsby")),
                    "prefix",
                    List.of(Map.of("num_virtual_tokens", 3)),
                    "prompt",
                    List.of(Map.of("num_virtual_tokens", 3, "prompt_tuning_init", "SAMPLE_VOCAB")));

    private TrialSettings() {}

    /**
     * The plan of the first settings that find a place in the backbone.
     *
     * @throws FedFmException TARGETS_UNMATCHED of the last ones, if none does
     */
    static PeftPlan plan(PluginRegistry plugins, String method, Backbone backbone) {
        List<Map<String, Object>> trials = BY_METHOD.getOrDefault(method, DEFAULTS);
        for (Map<String, Object> settings : trials.subList(0, trials.size() - 1)) {
            try {
                return plan(plugins, method, settings, backbone);
            } catch (FedFmException e) {
                if (e.code() != ErrorCode.TARGETS_UNMATCHED) {
                    throw e;
                }
            }
        }
        return plan(plugins, method, trials.get(trials.size() - 1), backbone);
    }

    private static PeftPlan plan(
            PluginRegistry plugins,
            String method,
            Map<String, Object> settings,
            Backbone backbone) {
        return plugins.createMethod(method, Settings.of("peft", settings)).plan(backbone);
    }
}
