package io.fedfm.plugin.full;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.WeightSelector;
import java.util.List;

/**
 * Full fine-tuning: trains all weights, embeddings included, and so sends all of them; the baseline
 * that parameter-efficient methods are measured against (in federations: McMahan et al. 2017, <a
 * href="https://arxiv.org/abs/1602.05629">arXiv:1602.05629</a>). Tied weights are one.
 */
final class FullMethod implements PeftMethod {
    private final WeightSelector modules;

    FullMethod(WeightSelector modules) {
        this.modules = modules;
    }

    /**
     * All weights of the chosen modules.
     *
     * @throws FedFmException with {@link ErrorCode#TARGETS_UNMATCHED} if one of them is quantised
     */
    @Override
    public PeftPlan plan(Backbone backbone) {
        List<String> chosen = modules.select(backbone, backbone.weights(), "weight");
        backbone.weights().stream()
                .filter(weight -> weight.role().equals("quantized"))
                .filter(weight -> chosen.contains(weight.name()))
                .findFirst()
                .ifPresent(
                        weight -> {
                            throw new FedFmException(
                                    ErrorCode.TARGETS_UNMATCHED,
                                    "full fine-tuning needs weights of floats, and '"
                                            + weight.name()
                                            + "' is quantised; take the model that it was quantised"
                                            + " from, or a method that leaves weights as they are");
                        });
        return PeftPlan.promoting(chosen);
    }
}
