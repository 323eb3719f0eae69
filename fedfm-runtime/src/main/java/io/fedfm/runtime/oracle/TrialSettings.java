package io.fedfm.runtime.oracle;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.plugin.PluginRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
                    "ia3",
                    List.of(
                            Map.of(
                                    "target_modules",
                                    List.of("all-linear", "q", "k", "v"),
                                    "feedforward_modules",
                                    List.of("o", "down")),
                            Map.of("target_modules", "all-linear", "feedforward_modules", "down"),
                            Map.of("target_modules", "all-linear")),
                    "vera",
                    List.of(
                            Map.of("target_modules", List.of("all-linear", "q", "k", "v"), "r", 6),
                            Map.of("target_modules", "all-linear", "r", 6)),
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

    /** Settings that change what a method computes, beside the usual ones. */
    private static final Map<String, List<Map<String, Object>>> VARIANTS =
            Map.of("lora", List.of(Map.of("use_dora", true, "use_rslora", true)));

    private final String method;
    private final Map<String, Object> variant;

    private TrialSettings(String method, Map<String, Object> variant) {
        this.method = method;
        this.variant = variant;
    }

    /** A method as it is usually meant, then each of its variants. */
    static List<TrialSettings> of(String method) {
        List<TrialSettings> trials = new ArrayList<>(List.of(new TrialSettings(method, Map.of())));
        VARIANTS.getOrDefault(method, List.of())
                .forEach(variant -> trials.add(new TrialSettings(method, variant)));
        return trials;
    }

    /** The method, and what makes the variant. */
    String label() {
        return Stream.concat(Stream.of(method), variant.keySet().stream().sorted())
                .collect(Collectors.joining(" "));
    }

    /**
     * The plan of the first settings that find a place in the backbone.
     *
     * @throws FedFmException TARGETS_UNMATCHED of the last ones, if none does
     */
    PeftPlan plan(PluginRegistry plugins, Backbone backbone) {
        List<Map<String, Object>> trials = BY_METHOD.getOrDefault(method, DEFAULTS);
        for (Map<String, Object> settings : trials.subList(0, trials.size() - 1)) {
            try {
                return plan(plugins, settings, backbone);
            } catch (FedFmException e) {
                if (e.code() != ErrorCode.TARGETS_UNMATCHED) {
                    throw e;
                }
            }
        }
        return plan(plugins, trials.get(trials.size() - 1), backbone);
    }

    private PeftPlan plan(PluginRegistry plugins, Map<String, Object> settings, Backbone backbone) {
        Map<String, Object> all = new LinkedHashMap<>(settings);
        all.putAll(variant);
        return plugins.createMethod(method, Settings.of("peft", all)).plan(backbone);
    }
}
