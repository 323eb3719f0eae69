package io.fedfm.plugin.bitfit;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.Backbone.WeightInfo;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.WeightSelector;
import java.util.List;

/**
 * BitFit: trains the biases of the backbone and nothing else, {@code y = x W + b} with W [in, out]
 * frozen and b [out] trained; the biases of norms too (Ben Zaken et al. 2022, <a
 * href="https://arxiv.org/abs/2106.10199">arXiv:2106.10199</a>).
 *
 * <p>The paper's smaller variant, the biases of the query and of the intermediate layer, is {@code
 * target_modules: [q, up]}.
 */
final class BitFitMethod implements PeftMethod {
    private final WeightSelector modules;

    BitFitMethod(WeightSelector modules) {
        this.modules = modules;
    }

    /** All biases of the chosen modules. */
    @Override
    public PeftPlan plan(Backbone backbone) {
        List<WeightInfo> biases = backbone.weights().stream().filter(WeightInfo::isBias).toList();
        return PeftPlan.promoting(modules.select(backbone, biases, "bias"));
    }
}
