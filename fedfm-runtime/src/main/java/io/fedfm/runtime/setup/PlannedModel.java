package io.fedfm.runtime.setup;

import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.ProgramCompiler;
import io.fedfm.runtime.weave.WovenGraph;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A model with what a method and a task add to it.
 *
 * @param config the settings
 * @param model the model; borrowed
 * @param plan what the method does in it
 * @param objective the task
 * @param compiler of the three
 * @param woven the three as one graph, for inference
 */
public record PlannedModel(
        RunConfig config,
        PreparedModel model,
        PeftPlan plan,
        Objective objective,
        ProgramCompiler compiler,
        WovenGraph woven) {
    /**
     * Puts together what settings name.
     *
     * @param classes of a classification; not used for language modelling
     * @param threads of each session
     * @param allocator of tensors between engines
     */
    public static PlannedModel of(
            RunConfig config,
            PreparedModel model,
            PeftPlan plan,
            int classes,
            int threads,
            BufferAllocator allocator) {
        Objective objective = Objectives.of(config.model(), model.backbone().outputs(), classes);
        ProgramCompiler compiler =
                new ProgramCompiler(
                        model.backbone(),
                        plan,
                        objective,
                        new ExecutionProviders(config.model().providers()),
                        threads,
                        allocator);
        return new PlannedModel(config, model, plan, objective, compiler, compiler.inline());
    }
}
