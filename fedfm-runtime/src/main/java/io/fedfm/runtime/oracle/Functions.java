package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.fedfm.runtime.graph.ElementType;
import java.util.HashMap;
import java.util.Map;

/** Functions of one array, element by element. */
final class Functions {
    private Functions() {}

    static Map<String, Operator> all() {
        Map<String, Operator> all = new HashMap<>();
        all.put("Identity", Operator.unary(x -> x));
        all.put("Dropout", Operator.unary(x -> x));
        all.put("fedfm:StopGradient", Operator.unary(NDArray::stopGradient));
        all.put("Neg", Operator.unary(NDArray::neg));
        all.put("Sqrt", Operator.unary(NDArray::sqrt));
        all.put("Reciprocal", Operator.unary(x -> DjlArrays.power(x, -1)));
        all.put("Exp", Operator.unary(NDArray::exp));
        all.put("Log", Operator.unary(NDArray::log));
        all.put("Abs", Operator.unary(NDArray::abs));
        all.put("Sign", Operator.unary(NDArray::sign));
        all.put("Floor", Operator.unary(NDArray::floor));
        all.put("Ceil", Operator.unary(NDArray::ceil));
        all.put("Round", Operator.unary(NDArray::round));
        all.put("Cos", Operator.unary(NDArray::cos));
        all.put("Sin", Operator.unary(NDArray::sin));
        all.put("Erf", Operator.unary(NDArray::erf));
        all.put("Cast", Operator.one(Functions::cast));
        return all;
    }

    private static NDArray cast(Call call) {
        int to = Math.toIntExact(call.attributes().integer("to", 0));
        ElementType type = ElementType.of(to, "the result of node '" + call.node().name() + "'");
        DataType target = DjlArrays.type(type);
        NDArray x = call.input(0);
        if (x.getDataType() == target || !target.isFloating() || !x.getDataType().isFloating()) {
            return x.toType(target, false);
        }
        // toType cuts the gradient off; the product of one element converts and keeps it.
        return x.expandDims(0).cumProd(0, target).squeeze(0);
    }
}
