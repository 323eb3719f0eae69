package io.fedfm.runtime.weave;

import io.fedfm.api.peft.SiteTensors;
import java.util.Map;
import java.util.function.Function;

/**
 * The tensors at a site, looked up by name when a module asks for them.
 *
 * @param <T> a tensor, as an interpreter sees it
 */
public final class SiteValues<T> implements SiteTensors<T> {
    /** The input's name. */
    public static final String INPUT = "input";

    /** The output's name. */
    public static final String OUTPUT = "output";

    /** A linear layer's weight [in, out]; the table of word embeddings [vocabulary, hidden]. */
    public static final String WEIGHT = "weight";

    /** A linear layer's bias [out]. */
    public static final String BIAS = "bias";

    /** The task of each row [rows, tasks]. */
    static final String TASK = "task";

    /** An attention's queries [batch, heads, length, size]. */
    static final String QUERY = "query";

    /** The log of the sum of an attention's exponential scores [batch, heads, length, 1]. */
    static final String LOG_SUM_EXP = "log_sum_exp";

    private final Function<String, T> lookup;

    /** Looks tensors up with a function that returns null where there is none. */
    public SiteValues(Function<String, T> lookup) {
        this.lookup = lookup;
    }

    /** Tensors of a map. */
    public static <T> SiteValues<T> of(Map<String, T> tensors) {
        return new SiteValues<>(tensors::get);
    }

    @Override
    public T input() {
        return tensor(INPUT);
    }

    @Override
    public T output() {
        return tensor(OUTPUT);
    }

    @Override
    public T tensor(String name) {
        T tensor = lookup.apply(name);
        if (tensor == null) {
            throw new IllegalArgumentException("this site has no tensor '" + name + "'");
        }
        return tensor;
    }

    @Override
    public boolean has(String name) {
        return lookup.apply(name) != null;
    }
}
