package io.fedfm.plugin.adapter;

import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;

/**
 * {@code h + dropout(up(activation(down(h))))} with h [.., hidden], {@code down(h) = h D^T + d}
 * with D [m, hidden] and d [m], {@code up(a) = a U^T + u} with U [hidden, m] and u [hidden].
 *
 * <p>The projection down starts as PyTorch's linear layers do, the projection up at zero.
 */
final class AdapterModule implements PeftModule {
    private static final String DOWN = "down";
    private static final String UP = "up";

    private final AdapterConfig config;
    private final List<ParameterSpec> parameters;

    AdapterModule(AdapterConfig config, Site site) {
        this.config = config;
        long hidden = site.outputs();
        long middle = config.bottleneck();
        this.parameters =
                List.of(
                        new ParameterSpec(
                                DOWN + ".weight",
                                new long[] {middle, hidden},
                                Initializer.kaimingUniform()),
                        new ParameterSpec(
                                DOWN + ".bias",
                                new long[] {middle},
                                Initializer.uniform(1 / Math.sqrt(hidden))),
                        new ParameterSpec(
                                UP + ".weight", new long[] {hidden, middle}, Initializer.zeros()),
                        new ParameterSpec(UP + ".bias", new long[] {hidden}, Initializer.zeros()));
    }

    @Override
    public List<ParameterSpec> parameters() {
        return parameters;
    }

    @Override
    public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T h = site.output();
        T low = config.activation().apply(ops, project(ops, h, p, DOWN));
        return ops.add(h, ops.dropout(project(ops, low, p, UP), config.dropout()));
    }

    private static <T> T project(TensorOps<T> ops, T a, Parameters<T> p, String name) {
        T product = ops.matMul(a, ops.transpose(p.get(name + ".weight")));
        return ops.add(product, p.get(name + ".bias"));
    }
}
