package io.fedfm.runtime.weave;

import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.anatomy.Anatomy;
import java.util.Set;

/**
 * A module and where in the graph it goes.
 *
 * @param index among all modules of the plan
 * @param site as the method sees it
 * @param module what is attached
 * @param value the value whose place the module's output takes
 * @param linear the linear layer, if the site is one; null otherwise
 * @param attention the attention, if the site is one; null otherwise
 * @param table the value that word embeddings are looked up in, if the site is such a look-up; null
 *     otherwise
 * @param flat whether the value has the tokens of all rows on one axis
 * @param shared names of the tensors that all modules read
 */
record Place(
        int index,
        Site site,
        PeftModule module,
        String value,
        Anatomy.Linear linear,
        Anatomy.Attention attention,
        String table,
        boolean flat,
        Set<String> shared) {
    /** The graph's name of a parameter of this module, or of a shared tensor. */
    String parameter(String name) {
        if (module.parameters().stream().anyMatch(spec -> spec.name().equals(name))) {
            return site.name() + "." + name;
        }
        if (shared.contains(name)) {
            return name;
        }
        throw new IllegalArgumentException(
                "the module at '" + site.name() + "' declares no parameter '" + name + "'");
    }

    /** Whether the site is a range of the columns of a packed projection. */
    boolean isPart(long columns) {
        return linear != null && (linear.from() > 0 || linear.to() < columns);
    }
}
