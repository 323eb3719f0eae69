package io.fedfm.runtime.peft;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.anatomy.Anatomy.Linear;
import io.fedfm.runtime.setup.PlannedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * LoRA as PEFT keeps it. Modules on parts of a packed projection become one module on the whole of
 * it: their A one below the other, their B in the columns of their part, zero elsewhere.
 */
final class LoraTensors {
    private static final String A = "lora_A";
    private static final String B = "lora_B";
    private static final String MAGNITUDE = "lora_magnitude_vector";

    private final PlannedModel planned;
    private final ModuleNames names;
    private final Map<String, Long> ranks = new TreeMap<>();
    private final Map<String, Double> alphas = new TreeMap<>();

    LoraTensors(PlannedModel planned, ModuleNames names) {
        this.planned = planned;
        this.names = names;
    }

    /** Adds all modules; what {@link #settings} tells is known afterwards. */
    void addTo(TensorMapping mapping, String prefix) {
        Map<String, List<Attachment>> byModule = new LinkedHashMap<>();
        for (Attachment attachment : planned.plan().attachments()) {
            byModule.computeIfAbsent(names.of(attachment.site()), n -> new ArrayList<>())
                    .add(attachment);
        }
        byModule.forEach(
                (module, attachments) -> {
                    Site first = attachments.get(0).site();
                    if (first.name().endsWith("]")) {
                        addParts(mapping, prefix, module, attachments);
                    } else {
                        addWhole(mapping, prefix, module, attachments.get(0));
                    }
                });
    }

    /** The modules and their paths. */
    List<String> modules() {
        return List.copyOf(ranks.keySet());
    }

    /** The keys of the configuration that tell ranks and scalings. */
    Map<String, Object> settings() {
        Map<String, Object> values = planned.config().peft().methods().get(0).values();
        long rank = ranks.values().iterator().next();
        double alpha = alphas.values().iterator().next();
        Map<String, Object> settings = new TreeMap<>();
        settings.put("r", rank);
        settings.put("lora_alpha", number(alpha));
        settings.put("lora_dropout", values.getOrDefault("lora_dropout", 0.0));
        settings.put("use_rslora", isTrue("use_rslora"));
        settings.put("use_dora", isTrue("use_dora"));
        Map<String, Object> rankPattern = new TreeMap<>();
        ranks.forEach((module, r) -> putUnless(r == rank, rankPattern, module, r));
        Map<String, Object> alphaPattern = new TreeMap<>();
        alphas.forEach((module, a) -> putUnless(a == alpha, alphaPattern, module, number(a)));
        settings.put("rank_pattern", rankPattern);
        settings.put("alpha_pattern", alphaPattern);
        return settings;
    }

    private static void putUnless(
            boolean usual, Map<String, Object> pattern, String module, Object value) {
        if (!usual) {
            pattern.put(module, value);
        }
    }

    private void addWhole(
            TensorMapping mapping, String prefix, String module, Attachment attachment) {
        Site site = attachment.site();
        long rank = rank(attachment);
        ranks.put(module, rank);
        alphas.put(module, alpha(site));
        for (ParameterSpec spec : attachment.module().parameters()) {
            String ending = spec.name().equals(MAGNITUDE) ? "" : ".weight";
            mapping.same(
                    site.name() + "." + spec.name(),
                    prefix + module + "." + spec.name() + ending,
                    spec.shape());
        }
    }

    private void addParts(
            TensorMapping mapping, String prefix, String module, List<Attachment> parts) {
        if (isTrue("use_dora")) {
            throw new FedFmException(
                    ErrorCode.EXPORT_UNSUPPORTED,
                    "DoRA on a part of '"
                            + module
                            + "' has no counterpart in PEFT, which adapts the whole of a packed"
                            + " projection; name that in target_modules");
        }
        long rank = parts.stream().mapToLong(this::rank).sum();
        double scaling = scaling(parts.get(0));
        boolean same = parts.stream().allMatch(part -> scaling(part) == scaling);
        if (!same) {
            throw new FedFmException(
                    ErrorCode.EXPORT_UNSUPPORTED,
                    "the parts of '"
                            + module
                            + "' have different scalings, and PEFT has one for the whole packed"
                            + " projection; give them one rank and one alpha");
        }
        ranks.put(module, rank);
        alphas.put(module, scaling * (isTrue("use_rslora") ? Math.sqrt(rank) : rank));
        long columns = columns(parts.get(0).site());
        int above = 0;
        for (Attachment part : parts) {
            Site site = part.site();
            Linear linear = linear(site);
            int inputs = Math.toIntExact(site.inputs());
            int own = Math.toIntExact(rank(part));
            int first = above;
            int from = Math.toIntExact(linear.from());
            int all = Math.toIntExact(rank);
            mapping.part(
                    site.name() + "." + A,
                    prefix + module + "." + A + ".weight",
                    i -> first * inputs + i,
                    rank,
                    inputs);
            mapping.part(
                    site.name() + "." + B,
                    prefix + module + "." + B + ".weight",
                    i -> (from + i / own) * all + first + i % own,
                    columns,
                    rank);
            above += own;
        }
    }

    private Linear linear(Site site) {
        return planned.model().backbone().anatomy().linears().stream()
                .filter(linear -> linear.site().equals(site))
                .findFirst()
                .orElseThrow();
    }

    private long columns(Site part) {
        String product = linear(part).product();
        return planned.model().backbone().anatomy().linears().stream()
                .filter(linear -> linear.product().equals(product))
                .mapToLong(Linear::to)
                .max()
                .orElseThrow();
    }

    private long rank(Attachment attachment) {
        return attachment.module().parameters().stream()
                .filter(spec -> spec.name().equals(A))
                .findFirst()
                .orElseThrow()
                .shape()[0];
    }

    private double scaling(Attachment attachment) {
        long rank = rank(attachment);
        return alpha(attachment.site()) / (isTrue("use_rslora") ? Math.sqrt(rank) : rank);
    }

    /** As the plugin reads it: the first key of {@code alpha_pattern} that fits, or else all's. */
    private double alpha(Site site) {
        Map<String, Object> values = planned.config().peft().methods().get(0).values();
        String path = site.modulePath().isEmpty() ? site.name() : site.modulePath();
        if (values.get("alpha_pattern") instanceof Map<?, ?> pattern) {
            for (Map.Entry<?, ?> entry : pattern.entrySet()) {
                String key = entry.getKey().toString();
                if (site.role().equals(key) || Pattern.matches("(.*\\.)?(" + key + ")", path)) {
                    return Double.parseDouble(entry.getValue().toString());
                }
            }
        }
        return Double.parseDouble(values.getOrDefault("lora_alpha", 8).toString());
    }

    private boolean isTrue(String name) {
        return Boolean.parseBoolean(
                planned.config()
                        .peft()
                        .methods()
                        .get(0)
                        .values()
                        .getOrDefault(name, false)
                        .toString());
    }

    private static Object number(double value) {
        return value == Math.rint(value) ? (Object) (long) value : value;
    }
}
