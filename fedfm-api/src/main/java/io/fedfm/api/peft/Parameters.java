package io.fedfm.api.peft;

/**
 * The trainable parameters of one module, as an interpreter sees them.
 *
 * @param <T> a tensor
 */
@FunctionalInterface
public interface Parameters<T> {
    /**
     * The parameter with this name in {@link PeftModule#parameters()}.
     *
     * @throws IllegalArgumentException if the module declares none of this name
     */
    T get(String name);
}
