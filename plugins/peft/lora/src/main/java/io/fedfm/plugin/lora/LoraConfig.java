package io.fedfm.plugin.lora;

import io.fedfm.api.Settings;
import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteSelector;
import io.fedfm.api.peft.TrainedBiases;
import java.util.List;

/**
 * The settings of LoRA, named and defaulted as in the PEFT library.
 *
 * @param rank {@code r}, the inner dimension, where {@code ranks} says nothing
 * @param ranks {@code rank_pattern}
 * @param alpha {@code lora_alpha}, where {@code alphas} says nothing
 * @param alphas {@code alpha_pattern}
 * @param stabilized {@code use_rslora} (Kalajdzievski 2023, <a
 *     href="https://arxiv.org/abs/2312.03732">arXiv:2312.03732</a>): the update is scaled by {@code
 *     alpha / sqrt(rank)} instead of {@code alpha / rank}
 * @param dora {@code use_dora}
 * @param selector where modules go
 * @param biases {@code bias}
 * @param dropout {@code lora_dropout}, of the input of A
 * @param start {@code init_lora_weights}
 * @param rateOfB {@code loraplus_lr_ratio} (LoRA+; Hayou et al. 2024, <a
 *     href="https://arxiv.org/abs/2402.12354">arXiv:2402.12354</a>): the learning rate of B, and of
 *     DoRA's magnitude, over that of A
 */
record LoraConfig(
        int rank,
        SitePatterns ranks,
        double alpha,
        SitePatterns alphas,
        boolean stabilized,
        boolean dora,
        SiteSelector selector,
        TrainedBiases biases,
        double dropout,
        Start start,
        double rateOfB) {

    /** How A and B start: B at zero, but for {@link #RANDOM}. */
    enum Start {
        KAIMING,
        GAUSSIAN,
        /** As PyTorch's linear layers do, both: the modules change the backbone from the start. */
        RANDOM;

        Initializer ofA(int rank) {
            return this == GAUSSIAN ? Initializer.normal(1.0 / rank) : Initializer.kaimingUniform();
        }

        Initializer ofB() {
            return this == RANDOM ? Initializer.kaimingUniform() : Initializer.zeros();
        }
    }

    static LoraConfig from(Settings settings) {
        Start start =
                switch (settings.oneOf(
                        "init_lora_weights", "true", "true", "kaiming", "gaussian", "false")) {
                    case "gaussian" -> Start.GAUSSIAN;
                    case "false" -> Start.RANDOM;
                    default -> Start.KAIMING;
                };
        boolean dora = settings.flag("use_dora", false);
        if (dora && start == Start.RANDOM) {
            settings.problem("init_lora_weights", "cannot be false with use_dora");
        }
        return new LoraConfig(
                settings.positive("r", 8),
                SitePatterns.from(settings, "rank_pattern", 1),
                settings.number("lora_alpha", 8, 0, Double.MAX_VALUE),
                SitePatterns.from(settings, "alpha_pattern", 0),
                settings.flag("use_rslora", false),
                dora,
                SiteSelector.from(settings, List.of("q", "v")),
                TrainedBiases.from(settings, "lora_only"),
                settings.number("lora_dropout", 0, 0, 0.99),
                start,
                settings.number("loraplus_lr_ratio", 1, 1, Double.MAX_VALUE));
    }

    /** The inner dimension at a site. */
    int rank(Site site) {
        return (int) ranks.of(site, rank);
    }

    /** What the product of A and B is multiplied by at a site. */
    double scaling(Site site) {
        double atSite = alphas.of(site, alpha);
        return atSite / (stabilized ? Math.sqrt(rank(site)) : rank(site));
    }
}
