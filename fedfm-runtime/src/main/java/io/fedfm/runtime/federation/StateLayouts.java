package io.fedfm.runtime.federation;

import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What of the trainable parameters travels, and what stays with each client.
 *
 * @param full all parameters, as a program takes them
 * @param shared those that are sent, averaged and saved as the adapter
 * @param local those that each client keeps for itself; empty if all are shared
 */
public record StateLayouts(ParameterLayout full, ParameterLayout shared, ParameterLayout local) {
    /** Splits a layout; the order of the parameters stays. */
    public static StateLayouts of(ParameterLayout full, Predicate<String> staysLocal) {
        return new StateLayouts(full, part(full, staysLocal.negate()), part(full, staysLocal));
    }

    /** Fills {@code full} from its two parts. */
    public void join(ParameterVector shared, ParameterVector local, ParameterVector full) {
        copy(this.shared, shared, full);
        copy(this.local, local, full);
    }

    /** Fills {@code part}, a vector of either part's layout, from a full vector. */
    public void extract(ParameterVector full, ParameterVector part) {
        copy(part.layout(), full, part);
    }

    /** The tensors of a layout that a test of their names lets through. */
    static ParameterLayout part(ParameterLayout full, Predicate<String> belongs) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (ParameterLayout.Entry entry : full.entries()) {
            if (belongs.test(entry.name())) {
                shapes.put(entry.name(), entry.dimensions());
            }
        }
        return ParameterLayout.of(shapes);
    }

    /** Copies the tensors of these names. */
    static void copy(ParameterLayout names, ParameterVector from, ParameterVector to) {
        for (ParameterLayout.Entry entry : names.entries()) {
            FloatBuffer source = from.floats(entry.name());
            to.floats(entry.name()).put(source);
        }
    }
}
