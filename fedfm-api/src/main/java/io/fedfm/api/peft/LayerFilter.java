package io.fedfm.api.peft;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Keeps the sites of some layers: those whose number in the module path is among {@code
 * layers_to_transform}, read as the PEFT library reads it, or the block's number where the path
 * tells none.
 *
 * @param layers numbers from 0; all if there are none
 * @param containers {@code layers_pattern}: what stands before the number in a module path
 */
record LayerFilter(List<Long> layers, List<Pattern> containers) {
    static final LayerFilter ALL = new LayerFilter(List.of(), List.of());

    private static final Pattern ANY_CONTAINER =
            Pattern.compile(".*?\\.[^.]*\\.(?<number>\\d+)\\.");

    static LayerFilter from(Settings settings) {
        List<Long> layers = settings.integers("layers_to_transform", List.of(), 0);
        List<String> containers = settings.texts("layers_pattern", List.of());
        if (layers.isEmpty() && !containers.isEmpty()) {
            settings.problem("layers_pattern", "needs layers_to_transform");
        }
        try {
            return new LayerFilter(
                    layers,
                    containers.stream()
                            .map(c -> Pattern.compile("(?:^|.*?\\.)" + c + "\\.(?<number>\\d+)\\."))
                            .toList());
        } catch (PatternSyntaxException e) {
            settings.problem("layers_pattern", "is no pattern: " + e.getDescription());
            return ALL;
        }
    }

    /**
     * The sites of these layers.
     *
     * @throws FedFmException TARGETS_UNMATCHED if one of the layers has none of the sites
     */
    List<Site> of(List<Site> sites) {
        Set<Long> present = new TreeSet<>();
        sites.forEach(site -> number(site).ifPresent(present::add));
        for (long layer : layers) {
            if (!present.contains(layer)) {
                throw new FedFmException(
                        ErrorCode.TARGETS_UNMATCHED,
                        "layers_to_transform: no targeted module is in layer "
                                + layer
                                + "; they are in the layers "
                                + present);
            }
        }
        return sites.stream()
                .filter(
                        site ->
                                layers.isEmpty()
                                        || number(site).stream().anyMatch(layers::contains))
                .toList();
    }

    private OptionalLong number(Site site) {
        String path = site.modulePath();
        for (Pattern container : containers.isEmpty() ? List.of(ANY_CONTAINER) : containers) {
            Matcher matcher = container.matcher(path);
            if (matcher.lookingAt()) {
                return OptionalLong.of(Long.parseLong(matcher.group("number")));
            }
        }
        boolean told = !containers.isEmpty() && !path.isEmpty();
        return told || site.block() < 0 ? OptionalLong.empty() : OptionalLong.of(site.block());
    }
}
