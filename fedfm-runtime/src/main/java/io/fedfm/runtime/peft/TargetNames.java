package io.fedfm.runtime.peft;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The shortest {@code target_modules} that choose some modules and no others: an entry of the list
 * is the end of a path.
 */
final class TargetNames {
    /** Last names that modules beside the blocks have too: poolers, heads, which no graph shows. */
    private static final Set<String> COMMON =
            Set.of("dense", "out_proj", "fc", "fc1", "fc2", "linear", "proj", "norm", "projection");

    private TargetNames() {}

    /**
     * Names for the chosen of all modules.
     *
     * @param chosen paths
     * @param all paths of modules of their kind, the chosen among them
     */
    static List<String> of(Collection<String> chosen, Collection<String> all) {
        Set<String> names = new LinkedHashSet<>();
        for (String path : chosen) {
            if (names.stream().noneMatch(name -> matches(path, name))) {
                names.add(shortest(path, chosen, all));
            }
        }
        return names.stream().sorted().toList();
    }

    private static String shortest(String path, Collection<String> chosen, Collection<String> all) {
        for (String end : ends(path)) {
            boolean chosenOnly =
                    all.stream().filter(each -> matches(each, end)).allMatch(chosen::contains);
            if (chosenOnly && !COMMON.contains(end)) {
                return end;
            }
        }
        return path;
    }

    private static boolean matches(String path, String name) {
        return path.equals(name) || path.endsWith("." + name);
    }

    private static List<String> ends(String path) {
        List<String> ends = new ArrayList<>();
        for (int dot = path.lastIndexOf('.'); dot >= 0; dot = path.lastIndexOf('.', dot - 1)) {
            ends.add(path.substring(dot + 1));
        }
        return ends;
    }
}
