package io.fedfm.runtime.weave;

import io.fedfm.api.peft.PeftModule;
import java.util.List;

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

    /** The number of the module's first dropout. */
    public long firstDropout() {
        return DropoutNodes.firstDropout(index);
    }

    /** The seed of the k-th dropout in a step. */
    public static long dropoutSeed(long stepSeed, long k) {
        return DropoutNodes.seed(stepSeed, k);
    }
}
