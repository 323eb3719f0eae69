package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Reductions over axes, and cumulative sums. */
final class Reductions {
    private Reductions() {}

    @FunctionalInterface
    private interface Reduction {
        NDArray apply(NDArray x, int[] axes, boolean keep);
    }

    static Map<String, Operator> all() {
        Map<String, Operator> all = new HashMap<>();
        all.put("ReduceSum", over(NDArray::sum));
        all.put("ReduceMean", over(DjlArrays::mean));
        all.put("ReduceMax", over((x, axes, keep) -> oneByOne(x, axes, keep, true)));
        all.put("ReduceMin", over((x, axes, keep) -> oneByOne(x.neg(), axes, keep, true).neg()));
        all.put("ReduceProd", over((x, axes, keep) -> oneByOne(x, axes, keep, false)));
        all.put("ReduceL1", over((x, axes, keep) -> x.abs().sum(axes, keep)));
        all.put("ReduceL2", over((x, axes, keep) -> x.mul(x).sum(axes, keep).sqrt()));
        all.put("ReduceSumSquare", over((x, axes, keep) -> x.mul(x).sum(axes, keep)));
        all.put("ReduceLogSumExp", over(Reductions::logSumExp));
        all.put("CumSum", Operator.one(Reductions::cumulativeSum));
        all.put("ArgMax", Operator.one(Reductions::argMax));
        return all;
    }

    private static Operator over(Reduction reduction) {
        return Operator.one(
                call -> {
                    boolean none = !call.has(1) || call.input(1).size() == 0;
                    if (none && call.attributes().integer("noop_with_empty_axes", 0) == 1) {
                        return call.input(0);
                    }
                    boolean keep = call.attributes().integer("keepdims", 1) == 1;
                    return reduction.apply(call.input(0), call.axes(1), keep);
                });
    }

    private static NDArray oneByOne(NDArray x, int[] axes, boolean keep, boolean max) {
        int[] sorted = axes.clone();
        Arrays.sort(sorted);
        NDArray result = x;
        for (int i = sorted.length - 1; i >= 0; i--) {
            int[] axis = {sorted[i]};
            result = max ? result.max(axis, keep) : result.prod(axis, keep);
        }
        return result;
    }

    private static NDArray logSumExp(NDArray x, int[] axes, boolean keep) {
        NDArray shift = oneByOne(x.stopGradient(), axes, true, true);
        NDArray kept = x.sub(shift).exp().sum(axes, true).log().add(shift);
        return keep ? kept : kept.squeeze(axes);
    }

    private static NDArray cumulativeSum(Call call) {
        NDArray x = call.input(0);
        int axis = Call.axis(call.integers(1)[0], call.rank(0));
        boolean reverse = call.attributes().integer("reverse", 0) == 1;
        NDArray ordered = reverse ? x.flip(axis) : x;
        NDArray sums = ordered.cumSum(axis);
        if (call.attributes().integer("exclusive", 0) == 1) {
            sums = sums.sub(ordered);
        }
        return reverse ? sums.flip(axis) : sums;
    }

    private static NDArray argMax(Call call) {
        int axis = call.axis(0);
        NDArray index = call.input(0).argMax(axis).toType(DataType.INT64, false);
        return call.attributes().integer("keepdims", 1) == 1 ? index.expandDims(axis) : index;
    }
}
