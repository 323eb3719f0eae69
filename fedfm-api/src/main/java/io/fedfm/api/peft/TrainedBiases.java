package io.fedfm.api.peft;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The biases that are trained beside a method's modules: the setting {@code bias} of the PEFT
 * library.
 */
public enum TrainedBiases {
    /** None. */
    NONE,
    /** Every bias of the backbone, those of norms too. */
    ALL,
    /** Those of the layers that have a module, found by the names that exporters give them. */
    OF_TARGETS;

    /**
     * Reads {@code bias}.
     *
     * @param ofTargets how the method calls {@link #OF_TARGETS} ({@code lora_only})
     */
    public static TrainedBiases from(Settings settings, String ofTargets) {
        String given = settings.oneOf("bias", "none", "none", "all", ofTargets);
        if (given.equals(ofTargets)) {
            return OF_TARGETS;
        }
        return given.equals("all") ? ALL : NONE;
    }

    /**
     * The names of the weights to promote.
     *
     * @param targets the sites that have a module
     * @throws FedFmException with {@link ErrorCode#TARGETS_UNMATCHED} if biases are asked for and
     *     there are none
     */
    public List<String> names(Backbone backbone, List<Site> targets) {
        if (this == NONE) {
            return List.of();
        }
        Set<String> own =
                targets.stream()
                        .map(site -> site.modulePath() + ".bias")
                        .collect(Collectors.toSet());
        List<String> names =
                backbone.weights().stream()
                        .filter(Backbone.WeightInfo::isBias)
                        .filter(weight -> this == ALL || own.contains(weight.path()))
                        .map(Backbone.WeightInfo::name)
                        .toList();
        if (names.isEmpty()) {
            throw new FedFmException(
                    ErrorCode.TARGETS_UNMATCHED,
                    "bias: this backbone has no biases"
                            + (this == ALL ? "" : " that are named after a targeted module"));
        }
        return names;
    }
}
