package io.fedfm.api.peft;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Chooses linear sites as {@code target_modules} of the PEFT library does, and by role.
 *
 * <p>An entry is a role ({@code q k v o up gate down}, on any graph), the whole or the end of a
 * module path ({@code query}, {@code attention.self.query}), {@code all-linear} (every linear layer
 * of the blocks), or, where it is none of these, a regular expression over the whole module path.
 */
public final class SiteSelector {
    private static final Set<String> ROLES = Set.of("q", "k", "v", "o", "up", "gate", "down");

    private SiteSelector() {}

    /**
     * The linear sites that an entry matches, each once, in the order of the backbone.
     *
     * @throws FedFmException with {@link ErrorCode#TARGETS_UNMATCHED} if an entry matches nothing;
     *     the message lists what there is
     */
    public static List<Site> linear(Backbone backbone, List<String> targets) {
        List<Site> sites = backbone.sites(SiteKind.LINEAR);
        Set<Site> chosen = new LinkedHashSet<>();
        for (String target : targets) {
            List<Site> matched = sites.stream().filter(site -> matches(site, target)).toList();
            if (matched.isEmpty()) {
                throw unmatched(target, sites);
            }
            chosen.addAll(matched);
        }
        return new ArrayList<>(sites.stream().filter(chosen::contains).toList());
    }

    private static boolean matches(Site site, String target) {
        boolean part = site.name().endsWith("]");
        if (target.equals("all-linear")) {
            return site.block() >= 0 && !part;
        }
        if (ROLES.contains(target)) {
            return site.role().equals(target);
        }
        String path = site.modulePath();
        if (part || path.isEmpty()) {
            return site.name().equals(target);
        }
        if (path.equals(target) || path.endsWith("." + target) || site.name().equals(target)) {
            return true;
        }
        try {
            return Pattern.matches(target, path);
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static FedFmException unmatched(String target, List<Site> sites) {
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
        Set<String> all = new TreeSet<>(names);
        all.addAll(roles);
        String hint = Nearest.to(target, all).map(n -> "; did you mean '" + n + "'?").orElse("");
        return new FedFmException(
                ErrorCode.TARGETS_UNMATCHED,
                "target_modules: '"
                        + target
                        + "' matches no linear layer of this backbone; there are the modules "
                        + names
                        + " and the roles "
                        + roles
                        + hint);
    }
}
