package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** Matrix products. */
final class Products {
    private Products() {}

    static Map<String, Operator> all() {
        return Map.of(
                "MatMul", Operator.one(call -> call.input(0).matMul(call.input(1))),
                "Gemm", Operator.one(Products::gemm));
    }

    private static NDArray gemm(Call call) {
        NDArray a = call.input(0);
        NDArray b = call.input(1);
        a = call.attributes().integer("transA", 0) == 1 ? a.transpose() : a;
        b = call.attributes().integer("transB", 0) == 1 ? b.transpose() : b;
        NDArray product = DjlArrays.times(a.matMul(b), call.attributes().number("alpha", 1));
        return call.has(2)
                ? product.add(DjlArrays.times(call.input(2), call.attributes().number("beta", 1)))
                : product;
    }
}
