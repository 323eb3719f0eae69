package io.fedfm.plugin.lntuning;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.Backbone.WeightInfo;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.WeightSelector;
import java.util.List;

/**
 * LayerNorm tuning: trains the norms and nothing else, {@code y = w n(x) + b} with w [hidden] and,
 * where there is one, b [hidden]; RMSNorm too (Zhao et al. 2023, <a
 * href="https://arxiv.org/abs/2312.11420">arXiv:2312.11420</a>; {@code LNTuningConfig} of the PEFT
 * library).
 */
final class LnTuningMethod implements PeftMethod {
    private final WeightSelector modules;

    LnTuningMethod(WeightSelector modules) {
        this.modules = modules;
    }

    /** Weight and bias of the chosen norms. */
    @Override
    public PeftPlan plan(Backbone backbone) {
        List<WeightInfo> norms =
                backbone.weights().stream().filter(w -> w.role().startsWith("norm_")).toList();
        return PeftPlan.promoting(modules.select(backbone, norms, "norm"));
    }
}
