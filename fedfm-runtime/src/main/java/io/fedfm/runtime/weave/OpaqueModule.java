package io.fedfm.runtime.weave;

import io.fedfm.api.peft.PeftModule;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A module that is not written as nodes.
 *
 * @param module the function
 * @param onInput whether it is its {@code applyToInput} that is meant
 * @param index among all modules; numbers its dropouts
 * @param tensors names of the site's tensors, in the order of the node's first inputs: {@code
 *     input}, {@code output}, {@code weight}, {@code bias}
 * @param parameters names within the module, in the order of the node's further inputs
 */
public record OpaqueModule(
        PeftModule module,
        boolean onInput,
        int index,
        List<String> tensors,
        List<String> parameters) {
    /** Copies the lists. */
    public OpaqueModule {
        tensors = List.copyOf(tensors);
        parameters = List.copyOf(parameters);
    }

    /** The seeds of the module's dropouts in a step. */
    public LongSupplier dropoutSeeds(long stepSeed) {
        return DropoutNodes.stream(index, stepSeed);
    }
}
