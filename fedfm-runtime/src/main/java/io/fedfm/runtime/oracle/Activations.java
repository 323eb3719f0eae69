package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import java.util.HashMap;
import java.util.Map;

/** Activation functions by their formulas. */
final class Activations {
    private Activations() {}

    static Map<String, Operator> all() {
        Map<String, Operator> all = new HashMap<>();
        all.put("Tanh", Operator.unary(NDArray::tanh));
        all.put("Sigmoid", Operator.unary(x -> x.getNDArrayInternal().sigmoid()));
        all.put("Relu", Operator.unary(x -> x.getNDArrayInternal().relu()));
        // max(x, 0) + log(1 + exp(-|x|)), which does not overflow
        all.put(
                "Softplus",
                Operator.unary(
                        x -> {
                            NDArray tail = x.abs().neg().exp().add(1).log();
                            return x.getNDArrayInternal().relu().add(tail);
                        }));
        all.put(
                "HardSwish",
                Operator.unary(x -> x.mul(DjlArrays.times(x, 1 / 6.0).add(0.5).clip(0, 1))));
        all.put("LeakyRelu", Operator.one(Activations::leakyRelu));
        all.put("Elu", Operator.one(Activations::elu));
        all.put("HardSigmoid", Operator.one(Activations::hardSigmoid));
        all.put("Gelu", Operator.one(Activations::gelu));
        all.put("Clip", Operator.one(Activations::clip));
        all.put("Softmax", Operator.one(call -> call.input(0).softmax(call.axis(-1))));
        all.put("LogSoftmax", Operator.one(call -> call.input(0).logSoftmax(call.axis(-1))));
        return all;
    }

    private static NDArray leakyRelu(Call call) {
        NDArray x = call.input(0);
        float alpha = call.attributes().number("alpha", 0.01f);
        return DjlArrays.where(x.gt(0), x, DjlArrays.times(x, alpha));
    }

    private static NDArray elu(Call call) {
        NDArray x = call.input(0);
        float alpha = call.attributes().number("alpha", 1);
        NDArray negative = x.minimum(DjlArrays.scalar(x, 0));
        return DjlArrays.where(x.gt(0), x, DjlArrays.times(negative.exp().sub(1), alpha));
    }

    private static NDArray hardSigmoid(Call call) {
        float alpha = call.attributes().number("alpha", 0.2f);
        float beta = call.attributes().number("beta", 0.5f);
        return DjlArrays.times(call.input(0), alpha).add(beta).clip(0, 1);
    }

    private static NDArray gelu(Call call) {
        NDArray x = call.input(0);
        if (call.attributes().text("approximate", "none").equals("tanh")) {
            NDArray cubic = x.add(DjlArrays.times(DjlArrays.power(x, 3), 0.044715));
            NDArray inner = DjlArrays.times(cubic, Math.sqrt(2 / Math.PI));
            return DjlArrays.times(x, 0.5).mul(inner.tanh().add(1));
        }
        NDArray normal = DjlArrays.times(x, 1 / Math.sqrt(2)).erf();
        return DjlArrays.times(x, 0.5).mul(normal.add(1));
    }

    private static NDArray clip(Call call) {
        NDArray x = call.input(0);
        NDArray bounded = x;
        if (call.has(1)) {
            bounded = DjlArrays.where(x.lt(call.input(1)), call.input(1), bounded);
        }
        if (call.has(2)) {
            bounded = DjlArrays.where(x.gt(call.input(2)), call.input(2), bounded);
        }
        return bounded;
    }
}
