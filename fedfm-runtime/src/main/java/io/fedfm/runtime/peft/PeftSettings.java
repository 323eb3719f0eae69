package io.fedfm.runtime.peft;

import com.fasterxml.jackson.databind.JsonNode;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Site;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.runtime.setup.PreparedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The section {@code peft} that trains on from an adapter: the same modules at the same sites.
 * Modules are those that the tensors name, so that no pattern has to mean the same here and there.
 */
public final class PeftSettings {
    /** Keys that change what a LoRA computes in a way that fedfm does not; these values do not. */
    private static final Map<String, List<String>> PLAIN =
            Map.of(
                    "lora_bias", List.of("", "null", "false"),
                    "layer_replication", List.of("", "null"),
                    "target_parameters", List.of("", "null", "[]"),
                    "trainable_token_indices", List.of("", "null"),
                    "use_qalora", List.of("", "null", "false"),
                    "use_bdlora", List.of("", "null", "false"),
                    "alora_invocation_tokens", List.of("", "null"),
                    "arrow_config", List.of("", "null"));

    private final PeftDirectory adapter;
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final Map<String, Site> sites;

    private PeftSettings(PeftDirectory adapter, ParameterLayout tensors, PreparedModel model) {
        this.adapter = adapter;
        tensors.entries().forEach(entry -> shapes.put(entry.name(), entry.dimensions()));
        this.sites =
                adapter.type().isPromptLearning() || adapter.type() == PeftType.LN_TUNING
                        ? Map.of()
                        : new AdaptedSites(model).of(modules(), adapter.tensorFile().toString());
    }

    /**
     * The settings of the method, without {@code type}.
     *
     * @throws FedFmException ADAPTER_INVALID if the adapter has what fedfm does not do, or modules
     *     that the model does not have
     */
    public static Map<String, Object> of(
            PeftDirectory adapter, ParameterLayout tensors, PreparedModel model) {
        PeftSettings settings = new PeftSettings(adapter, tensors, model);
        return switch (adapter.type()) {
            case LORA -> settings.lora();
            case IA3 -> settings.ia3();
            case VERA -> settings.vera();
            case LN_TUNING -> settings.layerNorms();
            case PREFIX_TUNING, PROMPT_TUNING -> settings.virtualTokens();
        };
    }

    private TreeSet<String> modules() {
        TreeSet<String> modules = new TreeSet<>();
        for (String key : shapes.keySet()) {
            int mark = key.indexOf(adapter.type().mark());
            if (mark >= 0 && key.startsWith("base_model.model.")) {
                modules.add(key.substring("base_model.model.".length(), mark));
            }
        }
        if (modules.isEmpty()) {
            throw invalid(
                    adapter.tensorFile()
                            + " has no tensor 'base_model.model.MODULE"
                            + adapter.type().mark()
                            + "..'");
        }
        return modules;
    }

    private Map<String, Object> lora() {
        PLAIN.forEach(
                (key, plain) -> {
                    String value = config().path(key).toString();
                    if (!plain.contains(value)) {
                        throw invalid(file() + ": fedfm does not do " + key + " = " + value);
                    }
                });
        Map<String, Object> settings = new LinkedHashMap<>();
        long rank = config().path("r").asLong(8);
        double alpha = config().path("lora_alpha").asDouble(8);
        settings.put("r", rank);
        settings.put("lora_alpha", alpha);
        copy(settings, "lora_dropout", "use_rslora", "use_dora");
        String bias = config().path("bias").asText("none");
        if (!bias.equals("none")) {
            settings.put("bias", bias);
        }
        settings.put("target_modules", names(site -> true));
        Map<String, Object> ranks = new LinkedHashMap<>();
        Map<String, Object> alphas = new LinkedHashMap<>();
        sites.forEach(
                (module, site) -> {
                    long own = shape(module, ".lora_A.weight")[0];
                    double scaled = pattern("alpha_pattern", module, alpha);
                    if (own != rank) {
                        ranks.put(path(site), own);
                    }
                    if (scaled != alpha) {
                        alphas.put(path(site), scaled);
                    }
                });
        if (!ranks.isEmpty()) {
            settings.put("rank_pattern", ranks);
        }
        if (!alphas.isEmpty()) {
            settings.put("alpha_pattern", alphas);
        }
        return settings;
    }

    private Map<String, Object> ia3() {
        List<String> feedForward = new ArrayList<>();
        sites.forEach(
                (module, site) -> {
                    long[] shape = shape(module, ".ia3_l");
                    if (shape.length == 2 && shape[0] == 1) {
                        feedForward.add(site.name());
                    }
                });
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("target_modules", names(site -> true));
        settings.put("feedforward_modules", feedForward);
        return settings;
    }

    private Map<String, Object> vera() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("r", config().path("r").asLong());
        settings.put("target_modules", names(site -> true));
        copy(settings, "vera_dropout", "d_initial");
        if (shapes.containsKey("base_model.vera_A")) {
            settings.put("projections", adapter.tensorFile().toAbsolutePath().toString());
        } else {
            throw invalid(
                    adapter.tensorFile()
                            + " has no projections; save the adapter again with save_projection:"
                            + " true");
        }
        return settings;
    }

    private Map<String, Object> layerNorms() {
        Map<String, Object> settings = new LinkedHashMap<>();
        copy(settings, "target_modules");
        return settings;
    }

    private Map<String, Object> virtualTokens() {
        long[] shape = shapes.get("prompt_embeddings");
        if (shape == null) {
            throw invalid(adapter.tensorFile() + " has no tensor 'prompt_embeddings'");
        }
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("num_virtual_tokens", shape[0]);
        return settings;
    }

    private List<String> names(Predicate<Site> which) {
        return sites.values().stream().filter(which).map(Site::name).toList();
    }

    private long[] shape(String module, String ending) {
        long[] shape = shapes.get("base_model.model." + module + ending);
        if (shape == null || shape.length == 0) {
            throw invalid(
                    adapter.tensorFile() + " lacks 'base_model.model." + module + ending + "'");
        }
        return shape;
    }

    private double pattern(String key, String module, double otherwise) {
        for (Map.Entry<String, JsonNode> entry : config().path(key).properties()) {
            if (Pattern.compile("(.*\\.)?(" + entry.getKey() + ")").matcher(module).matches()) {
                return entry.getValue().asDouble();
            }
        }
        return otherwise;
    }

    private void copy(Map<String, Object> settings, String... keys) {
        for (String key : keys) {
            JsonNode value = config().path(key);
            if (value.isBoolean()) {
                settings.put(key, value.asBoolean());
            } else if (value.isNumber()) {
                settings.put(key, value.numberValue());
            } else if (value.isArray()) {
                List<String> texts = new ArrayList<>();
                value.forEach(text -> texts.add(text.asText()));
                settings.put(key, texts);
            } else if (value.isTextual()) {
                settings.put(key, value.asText());
            }
        }
    }

    private static String path(Site site) {
        return site.modulePath().isEmpty() ? site.name() : site.modulePath();
    }

    private JsonNode config() {
        return adapter.config();
    }

    private String file() {
        return adapter.folder().resolve(PeftDirectory.CONFIG).toString();
    }

    private static FedFmException invalid(String what) {
        return new FedFmException(ErrorCode.ADAPTER_INVALID, what);
    }
}
