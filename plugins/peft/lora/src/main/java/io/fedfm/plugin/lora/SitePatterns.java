package io.fedfm.plugin.lora;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.Site;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Numbers of some sites, by patterns as in the PEFT library: the first key that is a regular
 * expression for the end of the module path, from the start or behind a dot, wins. A role is a key
 * too.
 *
 * @param setting the name of the setting
 * @param numbers key to number, in order
 */
record SitePatterns(String setting, Map<String, Double> numbers) {
    static SitePatterns from(Settings settings, String setting, double least) {
        Map<String, Double> numbers = settings.numbers(setting, least);
        for (Map.Entry<String, Double> entry : numbers.entrySet()) {
            boolean whole = entry.getValue() == Math.rint(entry.getValue());
            if (setting.equals("rank_pattern") && !whole) {
                settings.problem(setting + "." + entry.getKey(), "must be a whole number");
            }
            try {
                Pattern.compile(entry.getKey());
            } catch (PatternSyntaxException e) {
                settings.problem(
                        setting, "'" + entry.getKey() + "' is no pattern: " + e.getDescription());
                return new SitePatterns(setting, new LinkedHashMap<>());
            }
        }
        return new SitePatterns(setting, numbers);
    }

    /** The number of a site. */
    double of(Site site, double otherwise) {
        return numbers.keySet().stream()
                .filter(key -> matches(key, site))
                .findFirst()
                .map(numbers::get)
                .orElse(otherwise);
    }

    /**
     * Refuses keys that match none of the sites.
     *
     * @throws FedFmException TARGETS_UNMATCHED
     */
    void requireUsed(List<Site> sites) {
        for (String key : numbers.keySet()) {
            if (sites.stream().noneMatch(site -> matches(key, site))) {
                throw new FedFmException(
                        ErrorCode.TARGETS_UNMATCHED,
                        setting
                                + ": '"
                                + key
                                + "' matches none of the targeted modules, such as '"
                                + path(sites.get(0))
                                + "'");
            }
        }
    }

    private static boolean matches(String key, Site site) {
        return site.role().equals(key) || Pattern.matches("(.*\\.)?(" + key + ")", path(site));
    }

    private static String path(Site site) {
        return site.modulePath().isEmpty() ? site.name() : site.modulePath();
    }
}
