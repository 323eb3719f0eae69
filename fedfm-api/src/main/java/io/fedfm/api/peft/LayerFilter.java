package io.fedfm.api.peft;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.Backbone.WeightInfo;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Keeps what is in some layers: those whose number in the module path is among {@code
 * layers_to_transform}, read as the PEFT library reads it. Where a path tells no number, it is the
 * block's for a site, and the first in the path for a weight.
 */
public final class LayerFilter {
    /** All layers. */
    public static final LayerFilter ALL = new LayerFilter(List.of(), List.of());

    private static final Pattern ANY_CONTAINER =
            Pattern.compile(".*?\\.[^.]*\\.(?<number>\\d+)\\.");
    private static final Pattern ANY_NUMBER = Pattern.compile("(?:.*?\\.)??(?<number>\\d+)\\.");

    private final List<Long> layers;
    private final List<Pattern> containers;

    private LayerFilter(List<Long> layers, List<Pattern> containers) {
        this.layers = List.copyOf(layers);
        this.containers = List.copyOf(containers);
    }

    /**
     * As the settings of a method say: {@code layers_to_transform}, numbers from 0, and {@code
     * layers_pattern}, what stands before the number in a module path.
     */
    public static LayerFilter from(Settings settings) {
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
    public List<Site> of(List<Site> sites) {
        return kept(sites, this::number);
    }

    /**
     * The weights of these layers; what is in no layer, as embeddings are, is kept only if all
     * layers are.
     *
     * @throws FedFmException TARGETS_UNMATCHED if one of the layers has none of the weights
     */
    public List<WeightInfo> ofWeights(List<WeightInfo> weights) {
        return kept(weights, this::number);
    }

    private <T> List<T> kept(List<T> all, Function<T, OptionalLong> number) {
        Set<Long> present = new TreeSet<>();
        all.forEach(each -> number.apply(each).ifPresent(present::add));
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
        return all.stream()
                .filter(
                        each ->
                                layers.isEmpty()
                                        || number.apply(each).stream().anyMatch(layers::contains))
                .toList();
    }

    private OptionalLong number(Site site) {
        OptionalLong told = number(site.modulePath());
        boolean chosen = !containers.isEmpty() && !site.modulePath().isEmpty();
        return told.isPresent() || chosen || site.block() < 0
                ? told
                : OptionalLong.of(site.block());
    }

    private OptionalLong number(WeightInfo weight) {
        OptionalLong told = number(weight.path());
        return told.isPresent() || !containers.isEmpty() ? told : number(weight.path(), ANY_NUMBER);
    }

    private OptionalLong number(String path) {
        for (Pattern container : containers.isEmpty() ? List.of(ANY_CONTAINER) : containers) {
            OptionalLong number = number(path, container);
            if (number.isPresent()) {
                return number;
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong number(String path, Pattern container) {
        Matcher matcher = container.matcher(path);
        return matcher.lookingAt()
                ? OptionalLong.of(Long.parseLong(matcher.group("number")))
                : OptionalLong.empty();
    }
}
