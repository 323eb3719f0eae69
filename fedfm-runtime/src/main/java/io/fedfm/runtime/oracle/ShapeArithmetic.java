package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;

/** Operators that make integers and constants from shapes. */
final class ShapeArithmetic {
    private ShapeArithmetic() {}

    static Map<String, Operator> all() {
        Map<String, Operator> all = new HashMap<>();
        all.put("Shape", Operator.one(ShapeArithmetic::shape));
        all.put("Size", Operator.one(call -> call.manager().create(call.input(0).size())));
        all.put("ConstantOfShape", Operator.one(ShapeArithmetic::constantOfShape));
        all.put("Range", Operator.one(ShapeArithmetic::range));
        all.put("OneHot", Operator.one(ShapeArithmetic::oneHot));
        all.put("NonZero", Operator.one(ShapeArithmetic::nonZero));
        return all;
    }

    private static NDArray shape(Call call) {
        long[] shape = call.input(0).getShape().getShape();
        int start = bound(call.attributes().integer("start", 0), shape.length);
        int end = bound(call.attributes().integer("end", shape.length), shape.length);
        return DjlArrays.vector(
                call.manager(), LongStream.of(shape).limit(end).skip(start).toArray());
    }

    private static int bound(long value, int rank) {
        return (int) Math.max(0, Math.min(value < 0 ? value + rank : value, rank));
    }

    private static NDArray constantOfShape(Call call) {
        Shape shape = new Shape(call.integers(0));
        Tensor value = call.attributes().tensor("value");
        if (value == null || shape.size() == 0) {
            ElementType element = value == null ? ElementType.FLOAT : value.type();
            DataType type = DjlArrays.type(element);
            return call.manager().zeros(shape, type);
        }
        NDArray one = DjlArrays.toArray(call.manager(), value).reshape(new Shape());
        return one.broadcast(shape).duplicate();
    }

    private static NDArray range(Call call) {
        DataType type = call.input(0).getDataType();
        double start = number(call.input(0));
        double step = number(call.input(2));
        int count = (int) Math.max(0, Math.ceil((number(call.input(1)) - start) / step));
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = start + i * step;
        }
        return count == 0
                ? call.manager().zeros(new Shape(0), type)
                : call.manager().create(values).toType(type, false);
    }

    private static double number(NDArray scalar) {
        return scalar.toType(DataType.FLOAT64, false).toDoubleArray()[0];
    }

    private static NDArray oneHot(Call call) {
        long depth = call.integers(1)[0];
        NDArray places = call.input(0).toType(DataType.INT64, false);
        int axis = Call.axis(call.attributes().integer("axis", -1), call.rank(0) + 1);
        long[] column = new long[call.rank(0) + 1];
        java.util.Arrays.fill(column, 1);
        column[axis] = depth;
        NDArray classes =
                call.manager()
                        .create(LongStream.range(0, depth).toArray())
                        .reshape(new Shape(column));
        NDArray wrapped = places.mod(depth).expandDims(axis);
        NDArray hot = wrapped.eq(classes);
        long[] ends = {0, 1};
        NDArray off = Lookups.select(call.input(2), 0, new long[] {ends[0]}, call.manager());
        NDArray on = Lookups.select(call.input(2), 0, new long[] {ends[1]}, call.manager());
        NDArray number = hot.toType(off.getDataType(), false);
        return off.add(number.mul(on.sub(off)));
    }

    private static NDArray nonZero(Call call) {
        NDArray places = call.input(0).nonzero();
        return places.transpose();
    }
}
