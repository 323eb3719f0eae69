package io.fedfm.api.peft;

import io.fedfm.api.tensor.TensorOps;
import java.util.List;

/**
 * A small trainable function at a site, written once in {@link TensorOps}; both executions and the
 * export come from it.
 */
public interface PeftModule {
    /** The parameters; the list is the same at each call. */
    List<ParameterSpec> parameters();

    /**
     * What takes the place of {@code site.output()}.
     *
     * @param ops the interpreter
     * @param site the tensors at the site
     * @param p this module's parameters
     */
    <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p);

    /**
     * What takes the place of {@code site.input()} before the frozen product of a linear layer; the
     * input itself unless a module says otherwise.
     */
    default <T> T applyToInput(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        return site.input();
    }

    /** Whether {@link #applyToInput} does anything. */
    default boolean changesInput() {
        return false;
    }
}
