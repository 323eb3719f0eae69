package io.fedfm.runtime.weave;

import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.anatomy.Anatomy;

/**
 * A module and where in the graph it goes.
 *
 * @param index among all modules of the plan
 * @param site as the method sees it
 * @param module what is attached
 * @param value the value whose place the module's output takes
 * @param linear the linear layer, if the site is one; null otherwise
 */
record Place(int index, Site site, PeftModule module, String value, Anatomy.Linear linear) {
    /** The graph's name of a parameter of this module. */
    String parameter(String name) {
        return site.name() + "." + name;
    }

    /** Whether the site is a range of the columns of a packed projection. */
    boolean isPart(long columns) {
        return linear != null && (linear.from() > 0 || linear.to() < columns);
    }
}
