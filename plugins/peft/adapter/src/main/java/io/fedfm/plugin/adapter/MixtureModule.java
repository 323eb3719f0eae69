package io.fedfm.plugin.adapter;

import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code h + dropout(sum_e softmax(g_t)_e bottleneck_e(h))} with h [batch, length, hidden] and, for
 * the task t of each row, gate logits g_t [experts], which start at zero: all experts count alike.
 */
final class MixtureModule implements PeftModule {
    private final MixtureConfig config;
    private final List<Bottleneck> experts = new ArrayList<>();
    private final List<ParameterSpec> parameters = new ArrayList<>();

    MixtureModule(MixtureConfig config, Site site) {
        this.config = config;
        AdapterConfig adapter = config.adapter();
        for (int e = 0; e < config.experts(); e++) {
            Bottleneck expert =
                    new Bottleneck(
                            "experts." + e + ".",
                            site.outputs(),
                            adapter.bottleneck(),
                            adapter.activation());
            experts.add(expert);
            parameters.addAll(expert.parameters());
        }
        for (String task : config.tasks()) {
            parameters.add(
                    new ParameterSpec(
                                    gate(task), new long[] {config.experts()}, Initializer.zeros())
                            .ofTask(task));
        }
    }

    private static String gate(String task) {
        return "gate." + task;
    }

    @Override
    public List<ParameterSpec> parameters() {
        return List.copyOf(parameters);
    }

    @Override
    public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T h = site.output();
        T weights = weights(ops, site, p);
        T mixed = null;
        for (int e = 0; e < experts.size(); e++) {
            T weight = ops.reshape(ops.slice(weights, 1, e, e + 1), 0, 1, 1);
            T share = ops.multiply(experts.get(e).apply(ops, h, p), weight);
            mixed = mixed == null ? share : ops.add(mixed, share);
        }
        return ops.add(h, ops.dropout(mixed, config.adapter().dropout()));
    }

    /** The softmax of the gate of each row's task: [batch, experts]. */
    private <T> T weights(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        List<T> gates =
                config.tasks().stream()
                        .map(task -> ops.reshape(p.get(gate(task)), 1, config.experts()))
                        .toList();
        return ops.softmax(ops.matMul(site.tensor("task"), ops.concat(0, gates)), -1);
    }
}
