package io.fedfm.api.peft;

/**
 * The tensors at a site, as an interpreter sees them.
 *
 * @param <T> a tensor
 */
public interface SiteTensors<T> {
    /**
     * The input of a linear layer [.., in], as modules that change it have left it; at other sites
     * the same as {@link #output()}.
     */
    T input();

    /** What the frozen graph, and the modules attached before this one, give here. */
    T output();

    /**
     * A further tensor by name: {@code weight} [in, out] and {@code bias} [out] of a linear layer.
     *
     * @throws IllegalArgumentException if the site has none of this name
     */
    T tensor(String name);
}
