package io.fedfm.runtime.export;

import java.nio.file.Path;
import java.util.Optional;

/** Compares what an export gives with what its run gives. */
@FunctionalInterface
public interface AdapterVerification {
    /**
     * Loads an export as its users do and compares logits on fresh inputs.
     *
     * @param export the folder of an export
     * @param choice the run that it is of
     * @param seed of the inputs
     * @param save where the inputs and the run's logits are written as JSON, a batch a line
     * @throws io.fedfm.api.FedFmException ADAPTER_INVALID if the folder is no export that can be
     *     loaded
     */
    VerificationReport verify(Path export, RunChoice choice, long seed, Optional<Path> save);
}
