package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Rounding;
import java.util.HashMap;
import java.util.Map;

/** Conversions between floats and integers of 8 bits. */
final class Roundings {
    private static final double LEVELS = 255;

    private Roundings() {}

    static Map<String, Operator> all() {
        Map<String, Operator> all = new HashMap<>();
        all.put(Rounding.KEY, Operator.one(Roundings::rounding));
        all.put("DequantizeLinear", Operator.one(Roundings::floats));
        return all;
    }

    /** To the nearest of 256 levels, an even one if two are near. */
    private static NDArray rounding(Call call) {
        NDArray x = call.input(0);
        double scale;
        double zero;
        double least = 0;
        Node node = call.node();
        if (Rounding.isStatic(node)) {
            scale = DjlArrays.toNumber(call.input(1));
            zero = call.has(2) ? call.integers(2)[0] : 0;
            least = call.has(2) && call.input(2).getDataType() == DataType.INT8 ? -128 : 0;
        } else {
            double low = Math.min(0, DjlArrays.toNumber(x.min()));
            double high = Math.max(0, DjlArrays.toNumber(x.max()));
            scale = high > low ? (high - low) / LEVELS : 1;
            zero = Math.rint(Math.min(LEVELS, Math.max(0, -low / scale)));
        }
        double[] values = x.toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            double level = Math.rint(values[i] / scale) + zero;
            double reached = Math.min(least + LEVELS, Math.max(least, level));
            values[i] = (reached - zero) * scale;
        }
        return call.manager().create(values, x.getShape());
    }

    /** {@code (q - z) s}, with one scale or one for each place along an axis. */
    private static NDArray floats(Call call) {
        NDArray integers = call.input(0).toType(DataType.FLOAT64, false);
        NDArray centred = call.has(2) ? integers.sub(along(call, call.input(2))) : integers;
        return centred.mul(along(call, call.input(1)));
    }

    private static NDArray along(Call call, NDArray channels) {
        NDArray numbers = channels.toType(DataType.FLOAT64, false);
        if (numbers.size() == 1) {
            return numbers.reshape();
        }
        long[] shape = new long[call.rank(0)];
        java.util.Arrays.fill(shape, 1);
        shape[call.axis(1)] = numbers.size();
        return numbers.reshape(shape);
    }
}
