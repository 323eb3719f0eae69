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
     * A further tensor by name.
     *
     * <ul>
     *   <li>linear layer: {@code weight} [in, out], {@code bias} [out]
     *   <li>attention, whose output is the context [batch, heads, length, size]: {@code query}
     *       [batch, heads, length, size], rotated and scaled so that its product with a key is
     *       their score; {@code log_sum_exp} [batch, heads, length, 1] over the scores of all keys,
     *       a large negative number for a row that is masked whole
     *   <li>embedding: {@code weight} [vocabulary, hidden]
     *   <li>any site of a plan with tasks: {@code task} [batch, tasks], 1 for the task of a row and
     *       0 for all others
     * </ul>
     *
     * @throws IllegalArgumentException if the site has none of this name
     */
    T tensor(String name);

    /** Whether the site has a tensor of this name. */
    boolean has(String name);
}
