package io.fedfm.plugin.prefix;

import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.Site;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;

/** Keys and values that are parameters themselves, normal at the start as in the PEFT library. */
final class PlainPrefixes implements Prefixes {
    private static final String KEY = "prefix_key";
    private static final String VALUE = "prefix_value";

    private final List<ParameterSpec> parameters;

    PlainPrefixes(PrefixConfig config, Site site) {
        Initializer initial = config.zero() ? Initializer.zeros() : Initializer.normal(1);
        long heads = site.keyValueHeads();
        this.parameters =
                List.of(
                        new ParameterSpec(
                                KEY, new long[] {heads, config.tokens(), site.inputs()}, initial),
                        new ParameterSpec(
                                VALUE,
                                new long[] {heads, config.tokens(), site.outputs()},
                                initial));
    }

    @Override
    public List<ParameterSpec> parameters() {
        return parameters;
    }

    @Override
    public <T> T keys(TensorOps<T> ops, Parameters<T> p) {
        return p.get(KEY);
    }

    @Override
    public <T> T values(TensorOps<T> ops, Parameters<T> p) {
        return p.get(VALUE);
    }
}
