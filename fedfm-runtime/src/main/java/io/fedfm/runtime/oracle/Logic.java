package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/** Comparisons and logic. */
final class Logic {
    private Logic() {}

    static Map<String, Operator> all() {
        Map<String, Operator> all = new HashMap<>();
        all.put("Equal", of(NDArray::eq));
        all.put("Less", of(NDArray::lt));
        all.put("LessOrEqual", of(NDArray::lte));
        all.put("Greater", of(NDArray::gt));
        all.put("GreaterOrEqual", of(NDArray::gte));
        all.put("And", of(NDArray::logicalAnd));
        all.put("Or", of(NDArray::logicalOr));
        all.put("Xor", of(NDArray::logicalXor));
        all.put("Not", Operator.unary(NDArray::logicalNot));
        all.put("IsNaN", Operator.unary(x -> x.neq(x)));
        all.put("IsInf", Operator.unary(NDArray::isInfinite));
        return all;
    }

    private static Operator of(BinaryOperator<NDArray> operator) {
        return Operator.one(call -> operator.apply(call.input(0), call.input(1)));
    }
}
