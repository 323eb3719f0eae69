package io.fedfm.api.peft;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Nearest;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.Backbone.WeightInfo;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Chooses weights to promote by the modules they belong to, as the settings {@code target_modules},
 * {@code exclude_modules} and {@code layers_to_transform} of the PEFT library choose modules.
 *
 * <p>An entry is a role ({@code q k v qkv o up gate down}: the linear layers of that role), the
 * whole or the end of a module path ({@code LayerNorm}, {@code attention.output.LayerNorm}), or a
 * regular expression over the whole module path.
 */
public final class WeightSelector {

    private final List<String> targets;
    private final List<String> excluded;
    private final LayerFilter layers;

    private WeightSelector(List<String> targets, List<String> excluded, LayerFilter layers) {
        this.targets = List.copyOf(targets);
        this.excluded = List.copyOf(excluded);
        this.layers = layers;
    }

    /** As the settings of a method say; all modules where no {@code target_modules} are given. */
    public static WeightSelector from(Settings settings) {
        List<String> targets = settings.texts("target_modules", List.of());
        if (settings.has("target_modules") && targets.isEmpty()) {
            settings.problem("target_modules", "must name at least one module or role");
        }
        return new WeightSelector(
                targets, settings.texts("exclude_modules", List.of()), LayerFilter.from(settings));
    }

    /**
     * The names of the chosen weights, in the order of the backbone.
     *
     * @param backbone that is chosen from
     * @param weights those of its weights that the method is about
     * @param what the method is about, for messages ("bias")
     * @throws FedFmException with {@link ErrorCode#TARGETS_UNMATCHED} if an entry matches nothing,
     *     or nothing is left
     */
    public List<String> select(Backbone backbone, List<WeightInfo> weights, String what) {
        Set<WeightInfo> chosen =
                targets.isEmpty()
                        ? new LinkedHashSet<>(weights)
                        : matched("target_modules", targets, backbone, weights, what);
        chosen.removeAll(matched("exclude_modules", excluded, backbone, weights, what));
        if (chosen.isEmpty()) {
            throw new FedFmException(
                    ErrorCode.TARGETS_UNMATCHED,
                    weights.isEmpty()
                            ? "this backbone has no " + what
                            : "exclude_modules: " + excluded + " leaves no " + what);
        }
        List<WeightInfo> left = weights.stream().filter(chosen::contains).toList();
        return layers.ofWeights(left).stream().map(WeightInfo::name).toList();
    }

    private static Set<WeightInfo> matched(
            String setting,
            List<String> entries,
            Backbone backbone,
            List<WeightInfo> weights,
            String what) {
        Set<WeightInfo> matched = new LinkedHashSet<>();
        for (String entry : entries) {
            Set<String> modules = modulesOfRole(backbone, entry);
            List<WeightInfo> found =
                    weights.stream()
                            .filter(
                                    weight ->
                                            SiteSelector.ROLES.contains(entry)
                                                    ? modules.contains(weight.modulePath())
                                                    : matches(weight, entry))
                            .toList();
            if (found.isEmpty()) {
                throw unmatched(setting, entry, weights, what);
            }
            matched.addAll(found);
        }
        return matched;
    }

    private static Set<String> modulesOfRole(Backbone backbone, String role) {
        return backbone.sites(SiteKind.LINEAR).stream()
                .filter(site -> site.role().equals(role) && !site.name().endsWith("]"))
                .map(Site::modulePath)
                .filter(path -> !path.isEmpty())
                .collect(Collectors.toSet());
    }

    private static boolean matches(WeightInfo weight, String entry) {
        String module = weight.modulePath();
        if (module.isEmpty()) {
            return weight.name().equals(entry);
        }
        if (module.equals(entry) || module.endsWith("." + entry)) {
            return true;
        }
        try {
            return Pattern.matches(entry, module);
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static FedFmException unmatched(
            String setting, String entry, List<WeightInfo> weights, String what) {
        Set<String> names =
                weights.stream()
                        .map(WeightInfo::modulePath)
                        .filter(path -> !path.isEmpty())
                        .map(path -> path.substring(path.lastIndexOf('.') + 1))
                        .collect(Collectors.toCollection(TreeSet::new));
        String hint = Nearest.to(entry, names).map(n -> "; did you mean '" + n + "'?").orElse("");
        return new FedFmException(
                ErrorCode.TARGETS_UNMATCHED,
                setting
                        + ": '"
                        + entry
                        + "' matches no module with a "
                        + what
                        + "; there are "
                        + names
                        + hint);
    }
}
