package io.fedfm.plugin.prefix;

import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;

/** Where the trained keys and values of one attention come from. */
interface Prefixes {
    /** The parameters of this attention alone. */
    List<ParameterSpec> parameters();

    /** The keys [key heads, tokens, size]. */
    <T> T keys(TensorOps<T> ops, Parameters<T> p);

    /** The values [key heads, tokens, value size]. */
    <T> T values(TensorOps<T> ops, Parameters<T> p);
}
