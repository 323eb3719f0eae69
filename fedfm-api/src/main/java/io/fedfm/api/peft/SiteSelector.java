package io.fedfm.api.peft;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Nearest;
import io.fedfm.api.Settings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Chooses linear sites as the settings {@code target_modules}, {@code exclude_modules}, {@code
 * layers_to_transform} and {@code layers_pattern} of the PEFT library do, and by role.
 *
 * <p>An entry of the first two is a role ({@code q k v o up gate down}, on any graph, {@code qkv}
 * of a packed projection), the whole or the end of a module path ({@code query}, {@code
 * attention.self.query}), {@code all-linear} (every linear layer of the blocks), or, where it is
 * none of these, a regular expression over the whole module path.
 */
public final class SiteSelector {
    static final Set<String> ROLES = Set.of("q", "k", "v", "qkv", "o", "up", "gate", "down");

    private final List<String> targets;
    private final List<String> excluded;
    private final LayerFilter layers;

    private SiteSelector(List<String> targets, List<String> excluded, LayerFilter layers) {
        this.targets = List.copyOf(targets);
        this.excluded = List.copyOf(excluded);
        this.layers = layers;
    }

    /** Sites that one of these entries matches. */
    public static SiteSelector of(List<String> targets) {
        return new SiteSelector(targets, List.of(), LayerFilter.ALL);
    }

    /**
     * As the settings of a method say.
     *
     * @param settings of the method
     * @param defaults {@code target_modules} where none are given
     */
    public static SiteSelector from(Settings settings, List<String> defaults) {
        List<String> targets = settings.texts("target_modules", defaults);
        if (targets.isEmpty()) {
            settings.problem("target_modules", "must name at least one module or role");
        }
        return new SiteSelector(
                targets, settings.texts("exclude_modules", List.of()), LayerFilter.from(settings));
    }

    /** The linear sites that an entry matches. */
    public static List<Site> linear(Backbone backbone, List<String> targets) {
        return of(targets).select(backbone);
    }

    /**
     * The chosen linear sites, each once, in the order of the backbone.
     *
     * @throws FedFmException with {@link ErrorCode#TARGETS_UNMATCHED} if an entry matches nothing,
     *     or nothing is left; the message lists what there is
     */
    public List<Site> select(Backbone backbone) {
        List<Site> sites = backbone.sites(SiteKind.LINEAR);
        Set<Site> chosen = matched("target_modules", targets, sites);
        chosen.removeAll(matched("exclude_modules", excluded, sites));
        List<Site> left = sites.stream().filter(chosen::contains).toList();
        if (left.isEmpty()) {
            throw new FedFmException(
                    ErrorCode.TARGETS_UNMATCHED,
                    "exclude_modules: " + excluded + " leaves nothing of target_modules");
        }
        return layers.of(left);
    }

    private static Set<Site> matched(String setting, List<String> entries, List<Site> sites) {
        Set<Site> matched = new LinkedHashSet<>();
        for (String entry : entries) {
            List<Site> found = sites.stream().filter(site -> matches(site, entry)).toList();
            if (found.isEmpty()) {
                throw unmatched(setting, entry, sites);
            }
            matched.addAll(found);
        }
        return matched;
    }

    /** Whether an entry matches a linear site. */
    public static boolean matches(Site site, String entry) {
        boolean part = site.name().endsWith("]");
        if (entry.equals("all-linear")) {
            return site.block() >= 0 && !part;
        }
        if (ROLES.contains(entry)) {
            return site.role().equals(entry);
        }
        String path = site.modulePath();
        if (part || path.isEmpty()) {
            return site.name().equals(entry);
        }
        if (path.equals(entry) || path.endsWith("." + entry) || site.name().equals(entry)) {
            return true;
        }
        try {
            return Pattern.matches(entry, path);
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static FedFmException unmatched(String setting, String entry, List<Site> sites) {
        Set<String> names = new TreeSet<>();
        Set<String> roles = new TreeSet<>();
        for (Site site : sites) {
            String path = site.modulePath();
            if (!path.isEmpty() && !site.name().endsWith("]")) {
                names.add(path.substring(path.lastIndexOf('.') + 1));
            }
            if (ROLES.contains(site.role())) {
                roles.add(site.role());
            }
        }
        List<String> all = new ArrayList<>(names);
        all.addAll(roles);
        String hint = Nearest.to(entry, all).map(n -> "; did you mean '" + n + "'?").orElse("");
        return new FedFmException(
                ErrorCode.TARGETS_UNMATCHED,
                setting
                        + ": '"
                        + entry
                        + "' matches no linear layer of this backbone; there are the modules "
                        + names
                        + " and the roles "
                        + roles
                        + hint);
    }
}
