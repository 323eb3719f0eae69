package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/** Element-wise arithmetic with broadcasting. */
final class Arithmetic {
    private Arithmetic() {}

    static Map<String, Operator> all() {
        Map<String, Operator> all = new HashMap<>();
        all.put("Add", fold(NDArray::add));
        all.put("Sum", fold(NDArray::add));
        all.put("Sub", fold(NDArray::sub));
        all.put("Mul", fold(NDArray::mul));
        all.put("Div", fold(Arithmetic::divide));
        all.put("Pow", fold(Arithmetic::power));
        all.put("Max", fold(NDArray::maximum));
        all.put("Min", fold(NDArray::minimum));
        all.put("Mod", fold(NDArray::mod));
        return all;
    }

    private static Operator fold(BinaryOperator<NDArray> operator) {
        return Operator.one(call -> call.inputs().stream().reduce(operator).orElseThrow());
    }

    /** Integers divide towards zero. */
    private static NDArray divide(NDArray a, NDArray b) {
        DataType type = a.getDataType();
        if (type.isFloating()) {
            return a.div(b);
        }
        return a.toType(DataType.FLOAT64, false).div(b).trunc().toType(type, false);
    }

    /** The result has the base's type. */
    private static NDArray power(NDArray base, NDArray exponent) {
        return base.pow(exponent.toType(base.getDataType(), false));
    }
}
