package io.fedfm.runtime.peft;

import com.fasterxml.jackson.databind.JsonNode;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.setup.PlannedModel;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Bottleneck adapters as AdapterHub's {@code adapters} library keeps them, for models of BERT's
 * form: an adapter belongs to the output module of a sublayer.
 */
public final class HubAdapter {
    /** What the adapter is called, in the names of its tensors too. */
    public static final String NAME = "fedfm";

    private static final Set<String> FAMILIES =
            Set.of("bert", "roberta", "xlm-roberta", "camembert", "electra");

    private static final Map<String, String> ACTIVATIONS =
            Map.of("relu", "relu", "gelu", "gelu", "tanh", "tanh", "silu", "silu");

    private final PlannedModel planned;
    private final String modelType;
    private final ModelFamily family;
    private final TensorMapping tensors = new TensorMapping();
    private final Map<String, Object> config = new TreeMap<>();

    private HubAdapter(PlannedModel planned) {
        this.planned = planned;
        this.modelType =
                planned.model()
                        .folder()
                        .config()
                        .map(json -> json.path("model_type").asText(""))
                        .orElse("");
        if (!planned.config().peft().type().equals("adapter")) {
            throw unsupported(
                    "AdapterHub's layout is written for the method adapter only, and this run is of '"
                            + planned.config().peft().type()
                            + "'");
        }
        if (!FAMILIES.contains(modelType)) {
            throw unsupported(
                    "where AdapterHub keeps adapters is known for "
                            + FAMILIES.stream().sorted().toList()
                            + ", and not for model_type '"
                            + modelType
                            + "'");
        }
        this.family = ModelFamily.of(modelType).orElseThrow();
    }

    /**
     * The adapter.
     *
     * @throws FedFmException EXPORT_UNSUPPORTED if it has no counterpart
     */
    public static HubAdapter of(PlannedModel planned) {
        HubAdapter adapter = new HubAdapter(planned);
        adapter.fill();
        return adapter;
    }

    /** The tensors of {@code adapter.safetensors}. */
    public TensorMapping tensors() {
        return tensors;
    }

    /** The content of {@code adapter_config.json}. */
    public Map<String, Object> config() {
        return config;
    }

    /**
     * Checks that the {@code config} of a file is this adapter's.
     *
     * @throws FedFmException ADAPTER_INVALID if it is another, or no JSON
     */
    public void check(Path file) {
        JsonNode found = AdapterJson.read(file).path("config");
        JsonNode expected = AdapterJson.tree(config).path("config");
        if (!found.equals(expected)) {
            throw new FedFmException(
                    ErrorCode.ADAPTER_INVALID,
                    file + ": its config is " + found + ", and that of the run is " + expected);
        }
    }

    /** The trained head by itself; no tensors if there is none. */
    public TensorMapping head() {
        return new HeadTensors(planned).aside();
    }

    private void fill() {
        Set<String> roles = new LinkedHashSet<>();
        long hidden = 0;
        long bottleneck = 0;
        for (Attachment attachment : planned.plan().attachments()) {
            Site site = attachment.site();
            roles.add(site.role());
            boolean attention = site.role().startsWith("attention_");
            String module =
                    family.full("encoder.layer." + site.block())
                            + (attention ? ".attention.output" : ".output")
                            + ".adapters."
                            + NAME
                            + ".";
            for (ParameterSpec spec : attachment.module().parameters()) {
                String key =
                        spec.name()
                                .replaceFirst("^down\\.", "adapter_down.0.")
                                .replaceFirst("^up\\.", "adapter_up.");
                tensors.same(site.name() + "." + spec.name(), module + key, spec.shape());
                if (spec.name().equals("down.weight")) {
                    bottleneck = spec.shape()[0];
                    hidden = spec.shape()[1];
                }
            }
        }
        boolean behindNorm = roles.stream().allMatch(role -> role.endsWith("_norm"));
        config.put("config", bottleneck(roles, behindNorm, (double) hidden / bottleneck));
        config.put("hidden_size", hidden);
        config.put("model_class", modelClass());
        config.put("model_name", planned.model().name());
        config.put("model_type", modelType);
        config.put("name", NAME);
        config.put("version", "adapters.1.0.0");
    }

    private Map<String, Object> bottleneck(
            Set<String> roles, boolean behindNorm, double reduction) {
        Map<String, Object> values = planned.config().peft().methods().get(0).values();
        Map<String, Object> settings = new TreeMap<>();
        settings.put("architecture", null);
        settings.put("mh_adapter", roles.stream().anyMatch(r -> r.startsWith("attention_")));
        settings.put("output_adapter", roles.stream().anyMatch(r -> r.startsWith("ffn_")));
        settings.put("reduction_factor", reduction);
        settings.put(
                "non_linearity",
                ACTIVATIONS.get(values.getOrDefault("activation", "relu").toString()));
        settings.put("original_ln_before", behindNorm);
        settings.put("original_ln_after", !behindNorm);
        settings.put("residual_before_ln", !behindNorm);
        settings.put("adapter_residual_before_ln", false);
        settings.put("ln_before", false);
        settings.put("ln_after", false);
        settings.put("is_parallel", false);
        settings.put("scaling", 1.0);
        settings.put("use_gating", false);
        settings.put("cross_adapter", false);
        settings.put("inv_adapter", null);
        settings.put("inv_adapter_reduction_factor", null);
        settings.put("leave_out", blocksWithout());
        settings.put("dropout", values.getOrDefault("adapter_dropout", 0.0));
        settings.put("init_weights", "bert");
        return settings;
    }

    /** Numbers of the blocks that have no adapter. */
    private List<Integer> blocksWithout() {
        Set<Integer> with =
                planned.plan().attachments().stream()
                        .map(attachment -> attachment.site().block())
                        .collect(Collectors.toSet());
        return planned.model().backbone().anatomy().backbone().sites().stream()
                .map(Site::block)
                .filter(block -> block >= 0 && !with.contains(block))
                .distinct()
                .sorted()
                .toList();
    }

    private String modelClass() {
        return planned.model()
                .folder()
                .config()
                .map(json -> json.path("architectures").path(0).asText(""))
                .orElse("");
    }

    private static FedFmException unsupported(String what) {
        return new FedFmException(ErrorCode.EXPORT_UNSUPPORTED, what);
    }
}
