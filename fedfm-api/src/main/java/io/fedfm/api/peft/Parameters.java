package io.fedfm.api.peft;

/**
 * The trainable parameters of one module, as an interpreter sees them.
 *
 * @param <T> a tensor
 */
@FunctionalInterface
public interface Parameters<T> {
    /**
     * The parameter with this name in {@link PeftModule#parameters()}, or else in {@link
     * PeftPlan#shared()}.
     *
     * @throws IllegalArgumentException if neither declares one of this name
     */
    T get(String name);
}
