package io.fedfm.api.peft;

import io.fedfm.api.tensor.TensorOps;
import java.util.List;
import java.util.Optional;

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

    /**
     * The first value of a parameter that starts from the frozen weights (the magnitude of DoRA is
     * the norm of the weight's columns); empty for one that starts by its initializer.
     *
     * @param parameter a name in {@link #parameters()}
     * @param ops the interpreter
     * @param site gives {@code weight} and {@code bias} only
     */
    default <T> Optional<T> initial(String parameter, TensorOps<T> ops, SiteTensors<T> site) {
        return Optional.empty();
    }

    /**
     * The linear layer that, without this module, computes what it computes with it; empty if there
     * is none.
     *
     * @param ops the interpreter, without dropout
     * @param site gives {@code weight} and {@code bias} only
     * @param p this module's parameters
     */
    default <T> Optional<Folded<T>> fold(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        return Optional.empty();
    }
}
