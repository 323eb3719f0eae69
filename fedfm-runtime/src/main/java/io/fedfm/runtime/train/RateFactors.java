package io.fedfm.runtime.train;

import io.fedfm.api.tensor.ParameterLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the learning rate is multiplied by in each stretch of a vector of parameters (LoRA+).
 *
 * @param stretches next to each other from the first element; none if the factor is 1 everywhere
 */
public record RateFactors(List<Stretch> stretches) {
    /** The factor is 1 everywhere. */
    public static final RateFactors ONE = new RateFactors(List.of());

    /** Copies the list. */
    public RateFactors {
        stretches = List.copyOf(stretches);
    }

    /**
     * Elements with one factor.
     *
     * @param from the first
     * @param size how many
     * @param factor of the learning rate
     */
    public record Stretch(long from, long size, double factor) {}

    /** Factors of named parameters; neighbours with the same one share a stretch. */
    public static RateFactors of(ParameterLayout layout, ToDoubleFunction<String> factors) {
        List<Stretch> stretches = new ArrayList<>();
        for (ParameterLayout.Entry entry : layout.entries()) {
            double factor = factors.applyAsDouble(entry.name());
            int last = stretches.size() - 1;
            if (last >= 0 && stretches.get(last).factor() == factor) {
                Stretch before = stretches.get(last);
                stretches.set(
                        last, new Stretch(before.from(), before.size() + entry.size(), factor));
            } else {
                stretches.add(new Stretch(entry.offset(), entry.size(), factor));
            }
        }
        return new RateFactors(stretches);
    }

    /** The stretches of a vector of this size. */
    List<Stretch> of(long size) {
        return stretches.isEmpty() ? List.of(new Stretch(0, size, 1)) : stretches;
    }
}
