package io.fedfm.plugin.prefix;

import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;

/**
 * An attention over trained keys K and values V [key heads, tokens, size] and over the real ones.
 *
 * <p>With {@code s = q K^T}, {@code c} the context over the real keys and {@code l} the log-sum-exp
 * of their scores, the context over all is {@code c + w (softmax(s) V - c)} with {@code w =
 * sigmoid(logsumexp(s) - l)}: what concatenating K and V to the real ones gives, whatever those are
 * masked with. The prefix itself is never masked.
 */
final class PrefixModule implements PeftModule {
    private final Prefixes prefixes;
    private final long heads;
    private final long keyValueHeads;
    private final long size;
    private final long valueSize;

    PrefixModule(Site site, Prefixes prefixes) {
        this.prefixes = prefixes;
        this.heads = site.heads();
        this.keyValueHeads = site.keyValueHeads();
        this.size = site.inputs();
        this.valueSize = site.outputs();
    }

    @Override
    public List<ParameterSpec> parameters() {
        return prefixes.parameters();
    }

    @Override
    public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T queries = regroup(ops, site.tensor("query"), keyValueHeads, size);
        T scores = ops.matMul(queries, ops.permute(prefixes.keys(ops, p), 0, 2, 1));
        T mixed = ops.matMul(ops.softmax(scores, -1), prefixes.values(ops, p));
        T prefix = regroup(ops, mixed, heads, valueSize);
        T logSumExp = regroup(ops, ops.logSumExp(scores, -1, true), heads, 1);
        T weight = ops.sigmoid(ops.subtract(logSumExp, site.tensor("log_sum_exp")));
        T context = site.output();
        return ops.add(context, ops.multiply(weight, ops.subtract(prefix, context)));
    }

    /** Query heads that share keys become rows of one head, and back. */
    private <T> T regroup(TensorOps<T> ops, T value, long groups, long width) {
        return heads == keyValueHeads ? value : ops.reshape(value, 0, groups, -1, width);
    }
}
