package io.fedfm.plugin.adapter;

import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;

/**
 * {@code up(activation(down(h)))} with h [.., hidden], {@code down(h) = h D^T + d} with D [m,
 * hidden] and d [m], {@code up(a) = a U^T + u} with U [hidden, m] and u [hidden].
 *
 * <p>The projection down starts as PyTorch's linear layers do, the projection up at zero.
 *
 * @param prefix of the names of its parameters
 * @param hidden the width of h
 * @param middle the width between the projections
 * @param activation between the projections
 */
record Bottleneck(String prefix, long hidden, long middle, Activation activation) {
    List<ParameterSpec> parameters() {
        return List.of(
                new ParameterSpec(
                        prefix + "down.weight",
                        new long[] {middle, hidden},
                        Initializer.kaimingUniform()),
                new ParameterSpec(
                        prefix + "down.bias",
                        new long[] {middle},
                        Initializer.uniform(1 / Math.sqrt(hidden))),
                new ParameterSpec(
                        prefix + "up.weight", new long[] {hidden, middle}, Initializer.zeros()),
                new ParameterSpec(prefix + "up.bias", new long[] {hidden}, Initializer.zeros()));
    }

    <T> T apply(TensorOps<T> ops, T h, Parameters<T> p) {
        return project(ops, activation.apply(ops, project(ops, h, p, "down")), p, "up");
    }

    private <T> T project(TensorOps<T> ops, T a, Parameters<T> p, String name) {
        T product = ops.matMul(a, ops.transpose(p.get(prefix + name + ".weight")));
        return ops.add(product, p.get(prefix + name + ".bias"));
    }
}
