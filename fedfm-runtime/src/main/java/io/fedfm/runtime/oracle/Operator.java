package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.Function;

/** What an ONNX operator computes, in terms of DJL arrays. */
@FunctionalInterface
interface Operator {
    /** The outputs, in order; optional ones at the end may be left out. */
    List<NDArray> run(Call call);

    /** An operator with one output. */
    static Operator one(Function<Call, NDArray> function) {
        return call -> List.of(function.apply(call));
    }

    /** A function of one array. */
    static Operator unary(Function<NDArray, NDArray> function) {
        return call -> List.of(function.apply(call.input(0)));
    }
}
