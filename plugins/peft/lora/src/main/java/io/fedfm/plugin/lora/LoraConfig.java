package io.fedfm.plugin.lora;

import io.fedfm.api.Settings;
import io.fedfm.api.peft.Initializer;
import java.util.List;

/**
 * The settings of LoRA, named and defaulted as in the PEFT library.
 *
 * @param rank {@code r}, the inner dimension
 * @param scaling {@code lora_alpha / r}, or {@code lora_alpha / sqrt(r)} with {@code use_rslora}
 *     (Kalajdzievski 2023)
 * @param targets {@code target_modules}: roles, module names or patterns
 * @param dropout {@code lora_dropout}, of the input of A
 * @param initialA how A starts; B starts at zero
 */
record LoraConfig(
        int rank, double scaling, List<String> targets, double dropout, Initializer initialA) {
    LoraConfig {
        targets = List.copyOf(targets);
    }

    static LoraConfig from(Settings settings) {
        int rank = settings.positive("r", 8);
        double alpha = settings.number("lora_alpha", 8, 0, Double.MAX_VALUE);
        boolean stabilized = settings.flag("use_rslora", false);
        String initial = settings.oneOf("init_lora_weights", "true", "true", "kaiming", "gaussian");
        List<String> targets = settings.texts("target_modules", List.of("q", "v"));
        if (targets.isEmpty()) {
            settings.problem("target_modules", "must name at least one module or role");
        }
        return new LoraConfig(
                rank,
                alpha / (stabilized ? Math.sqrt(rank) : rank),
                targets,
                settings.number("lora_dropout", 0, 0, 0.99),
                initial.equals("gaussian")
                        ? Initializer.normal(1.0 / rank)
                        : Initializer.kaimingUniform());
    }
}
