package io.fedfm.plugin.lora;

import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.Site;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;

/** The update of a weight: {@code scaling * A^T B^T} with A [r, in] and B [out, r]. */
final class LowRank {
    private static final String A = "lora_A";
    private static final String B = "lora_B";

    private final double scaling;
    private final List<ParameterSpec> parameters;

    LowRank(LoraConfig config, Site site) {
        this.scaling = config.scaling(site);
        int rank = config.rank(site);
        this.parameters =
                List.of(
                        new ParameterSpec(
                                A, new long[] {rank, site.inputs()}, config.start().ofA(rank)),
                        new ParameterSpec(
                                        B, new long[] {site.outputs(), rank}, config.start().ofB())
                                .withLearningRateFactor(config.rateOfB()));
    }

    List<ParameterSpec> parameters() {
        return parameters;
    }

    /** What the update makes of an input [.., in]: [.., out]. */
    <T> T product(TensorOps<T> ops, T x, Parameters<T> p) {
        T low = ops.matMul(x, ops.transpose(p.get(A)));
        // Scaled while it has r columns, not when it has as many as the layer.
        return ops.matMul(ops.scale(low, scaling), ops.transpose(p.get(B)));
    }

    /** The update itself: [in, out]. */
    <T> T matrix(TensorOps<T> ops, Parameters<T> p) {
        T low = ops.scale(ops.transpose(p.get(A)), scaling);
        return ops.matMul(low, ops.transpose(p.get(B)));
    }
}
