package io.fedfm.runtime.peft;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.Backbone.WeightInfo;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.SharedTensor;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.setup.PlannedModel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is trained, as an adapter of the PEFT library: its tensors and its configuration. */
public final class PeftAdapter {
    private final PlannedModel planned;
    private final PeftType type;
    private final ModuleNames names;
    private final HeadTensors heads;
    private final boolean aside;
    private final TensorMapping tensors = new TensorMapping();
    private final Map<String, Object> config = new TreeMap<>();

    private PeftAdapter(PlannedModel planned, PeftType type, Naming naming) {
        this.planned = planned;
        this.type = type;
        this.heads = new HeadTensors(planned);
        this.aside = heads.isAside(new ModuleNames(planned.model(), naming, true));
        this.names = new ModuleNames(planned.model(), naming, !aside);
    }

    /**
     * The adapter that a method's parameters are.
     *
     * @throws FedFmException EXPORT_UNSUPPORTED if PEFT has none such, or module names cannot be
     *     told for certain
     */
    public static PeftAdapter of(PlannedModel planned, Naming naming) {
        String method = planned.config().peft().type();
        PeftType type =
                PeftType.ofMethod(method)
                        .orElseThrow(
                                () ->
                                        unsupported(
                                                "the PEFT library has no method '"
                                                        + method
                                                        + "'; --to safetensors takes any, --to"
                                                        + " adapterhub takes adapters"));
        PeftAdapter adapter = new PeftAdapter(planned, type, naming);
        adapter.fill();
        return adapter;
    }

    /** The tensors of {@code adapter_model.safetensors}. */
    public TensorMapping tensors() {
        return tensors;
    }

    /** The content of {@code adapter_config.json}, sorted. */
    public Map<String, Object> config() {
        return config;
    }

    /** The head as a file of its own, where the class of the task has no place for it. */
    public Optional<TensorMapping> headAside() {
        return aside ? Optional.of(heads.aside()) : Optional.empty();
    }

    private void fill() {
        String prefix = "base_model.model.";
        switch (type) {
            case LORA -> lora(prefix);
            case IA3 -> ia3(prefix);
            case VERA -> vera(prefix);
            case LN_TUNING -> layerNorms(prefix);
            case PREFIX_TUNING ->
                    config.putAll(new PromptTensors(planned).addPrefix(tensors, blocks()));
            case PROMPT_TUNING ->
                    config.putAll(
                            new PromptTensors(planned).addPrompt(tensors, attention(), blocks()));
            default -> throw new IllegalStateException("no case for " + type);
        }
        if (!aside) {
            heads.addTo(tensors, type.isPromptLearning() ? "base_model." : prefix);
        }
        common();
    }

    private void common() {
        Task task = planned.config().model().task();
        config.put("auto_mapping", null);
        config.put("base_model_name_or_path", planned.model().name());
        config.put("inference_mode", true);
        config.put("peft_type", type.name());
        config.put("revision", null);
        config.put("task_type", aside ? "FEATURE_EXTRACTION" : task.name());
        boolean saved = task != Task.CAUSAL_LM && !aside;
        config.put("modules_to_save", saved ? HeadTensors.MODULES_TO_SAVE : null);
    }

    private void lora(String prefix) {
        LoraTensors lora = new LoraTensors(planned, names);
        lora.addTo(tensors, prefix);
        config.putAll(lora.settings());
        targets(lora.modules());
        linear();
        config.put("bias", biases(prefix, "lora_only"));
        config.put("init_lora_weights", true);
    }

    private void ia3(String prefix) {
        Set<String> inputs = new TreeSet<>();
        Set<String> outputs = new TreeSet<>();
        for (Attachment attachment : planned.plan().attachments()) {
            String module = module(attachment.site());
            ParameterSpec spec = attachment.module().parameters().get(0);
            tensors.same(name(attachment, spec), prefix + module + ".ia3_l", spec.shape());
            (attachment.module().changesInput() ? inputs : outputs).add(module);
        }
        List<String> all = linearModules();
        List<String> feedForward = TargetNames.of(inputs, all);
        List<String> targets = new ArrayList<>(TargetNames.of(outputs, all));
        targets.addAll(feedForward);
        config.put("target_modules", targets.stream().sorted().toList());
        config.put("feedforward_modules", feedForward);
        config.put("exclude_modules", null);
        config.put("init_ia3_weights", true);
        config.put("fan_in_fan_out", fanInFanOut());
    }

    private void vera(String prefix) {
        Set<String> modules = new TreeSet<>();
        for (Attachment attachment : planned.plan().attachments()) {
            String module = module(attachment.site());
            modules.add(module);
            for (ParameterSpec spec : attachment.module().parameters()) {
                tensors.same(
                        name(attachment, spec), prefix + module + "." + spec.name(), spec.shape());
            }
        }
        for (SharedTensor shared : planned.plan().shared()) {
            ParameterSpec spec = shared.spec();
            tensors.constant("base_model." + spec.name(), shared.values(), spec.shape());
            if (spec.name().equals("vera_A")) {
                config.put("r", spec.shape()[0]);
            }
        }
        Map<String, Object> values = planned.config().peft().methods().get(0).values();
        targets(modules);
        linear();
        config.put("bias", biases(prefix, "vera_only"));
        config.put("d_initial", values.getOrDefault("d_initial", 0.1));
        config.put("init_weights", true);
        config.put("projection_prng_key", values.getOrDefault("projection_prng_key", 0));
        config.put("save_projection", true);
        config.put("vera_dropout", values.getOrDefault("vera_dropout", 0.0));
    }

    private void layerNorms(String prefix) {
        Set<String> chosen = new TreeSet<>();
        Set<String> all = new TreeSet<>();
        Set<String> promoted = new LinkedHashSet<>(planned.plan().promotions());
        for (WeightInfo weight : backbone().weights()) {
            boolean norm = weight.role().startsWith("norm_");
            if (norm && !weight.path().isEmpty()) {
                all.add(names.ofWeight(weight.path(), weight.name()));
            }
            if (!promoted.contains(weight.name())) {
                continue;
            }
            String module = names.ofWeight(weight.path(), weight.name());
            String last = weight.path().substring(weight.path().lastIndexOf('.') + 1);
            chosen.add(module);
            tensors.same(
                    weight.name(),
                    prefix + module + ".ln_tuning_layers." + last,
                    weight.shape().stream().mapToLong(Long::longValue).toArray());
        }
        config.put("target_modules", TargetNames.of(chosen, all));
        config.put("exclude_modules", null);
    }

    /** The value of {@code bias}; those of adapted layers are added, as values, not differences. */
    private String biases(String prefix, String ofTargets) {
        Set<String> promoted = new LinkedHashSet<>(planned.plan().promotions());
        if (promoted.isEmpty()) {
            return "none";
        }
        if (!ofTargets.equals(planned.config().peft().methods().get(0).values().get("bias"))) {
            throw unsupported(
                    "bias: all is not written for PEFT; train with bias: "
                            + ofTargets
                            + ", or take --to safetensors");
        }
        for (WeightInfo weight : backbone().weights()) {
            if (promoted.contains(weight.name())) {
                tensors.same(
                        weight.name(),
                        prefix + names.ofWeight(weight.path(), weight.name()) + ".base_layer.bias",
                        weight.shape().stream().mapToLong(Long::longValue).toArray());
            }
        }
        return ofTargets;
    }

    private void targets(java.util.Collection<String> modules) {
        config.put("target_modules", TargetNames.of(modules, linearModules()));
    }

    private void linear() {
        config.put("fan_in_fan_out", fanInFanOut());
        config.put("layers_to_transform", null);
        config.put("layers_pattern", null);
    }

    private boolean fanInFanOut() {
        return names.family().map(ModelFamily::fanInFanOut).orElse(false);
    }

    private String module(Site site) {
        if (site.name().endsWith("]")) {
            throw unsupported(
                    "'"
                            + site.name()
                            + "' is a part of a packed projection, which PEFT adapts as a whole;"
                            + " name that in target_modules");
        }
        return names.of(site);
    }

    private List<String> linearModules() {
        return backbone().sites(SiteKind.LINEAR).stream()
                .filter(site -> !site.name().endsWith("]"))
                .filter(site -> site.block() >= 0)
                .map(names::of)
                .toList();
    }

    private static String name(Attachment attachment, ParameterSpec spec) {
        return attachment.site().name() + "." + spec.name();
    }

    private Backbone backbone() {
        return planned.model().backbone().anatomy().backbone();
    }

    private int blocks() {
        return (int)
                backbone().sites().stream()
                        .filter(site -> site.block() >= 0)
                        .mapToInt(Site::block)
                        .distinct()
                        .count();
    }

    private long attention() {
        return backbone().sites(SiteKind.ATTENTION).stream()
                .mapToLong(Site::heads)
                .findFirst()
                .orElse(1);
    }

    private static FedFmException unsupported(String what) {
        return new FedFmException(ErrorCode.EXPORT_UNSUPPORTED, what);
    }
}
