package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Normalizations from means and squares. */
final class Normalizations {
    private Normalizations() {}

    static Map<String, Operator> all() {
        return Map.of(
                "LayerNormalization", Normalizations::layerNorm,
                "RMSNormalization", Operator.one(Normalizations::rmsNorm),
                "BatchNormalization", Operator.one(Normalizations::batchNorm));
    }

    private static List<NDArray> layerNorm(Call call) {
        int[] axes = axes(call);
        NDArray mean = DjlArrays.mean(call.input(0), axes, true);
        NDArray centred = call.input(0).sub(mean);
        NDArray variance = DjlArrays.mean(centred.mul(centred), axes, true);
        NDArray deviation = variance.add(epsilon(call)).sqrt();
        NDArray scaled = centred.div(deviation).mul(call.input(1));
        NDArray y = call.has(2) ? scaled.add(call.input(2)) : scaled;
        return List.of(y, mean, DjlArrays.power(deviation, -1));
    }

    private static NDArray rmsNorm(Call call) {
        NDArray x = call.input(0);
        NDArray square = DjlArrays.mean(x.mul(x), axes(call), true);
        return x.div(square.add(epsilon(call)).sqrt()).mul(call.input(1));
    }

    private static NDArray batchNorm(Call call) {
        long[] channel = new long[call.rank(0)];
        java.util.Arrays.fill(channel, 1);
        channel[1] = -1;
        NDArray deviation = call.input(4).add(epsilon(call)).sqrt().reshape(channel);
        NDArray centred = call.input(0).sub(call.input(3).reshape(channel));
        NDArray scale = call.input(1).reshape(channel);
        return centred.div(deviation).mul(scale).add(call.input(2).reshape(channel));
    }

    private static float epsilon(Call call) {
        return call.attributes().number("epsilon", 1e-5f);
    }

    private static int[] axes(Call call) {
        return IntStream.range(call.axis(-1), call.rank(0)).toArray();
    }
}
