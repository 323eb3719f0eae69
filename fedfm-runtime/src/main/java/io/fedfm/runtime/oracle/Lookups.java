package io.fedfm.runtime.oracle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;

/** Operators that read or write by index. */
final class Lookups {
    private Lookups() {}

    static Map<String, Operator> all() {
        Map<String, Operator> all = new HashMap<>();
        all.put("Gather", Operator.one(Lookups::gather));
        all.put("GatherElements", Operator.one(Lookups::gatherElements));
        all.put("GatherND", Operator.one(Lookups::gatherNd));
        all.put("ScatterND", Operator.one(Lookups::scatterNd));
        all.put("ScatterElements", Operator.one(Lookups::scatterElements));
        all.put("Slice", Operator.one(Lookups::slice));
        all.put("Where", Operator.one(Lookups::where));
        all.put("Trilu", Operator.one(Lookups::triangle));
        return all;
    }

    /** The slices of {@code x} at these places along an axis. */
    static NDArray select(NDArray x, int axis, long[] places, NDManager manager) {
        long[] shape = x.getShape().getShape().clone();
        shape[axis] = places.length;
        if (new Shape(shape).size() == 0) {
            return manager.zeros(new Shape(shape), x.getDataType());
        }
        long[] column = new long[shape.length];
        Arrays.fill(column, 1);
        column[axis] = places.length;
        NDArray index = manager.create(places, new Shape(column)).broadcast(new Shape(shape));
        return x.gather(index, axis);
    }

    private static long[] nonNegative(long[] indices, long size) {
        return LongStream.of(indices).map(i -> i < 0 ? i + size : i).toArray();
    }

    private static NDArray gather(Call call) {
        NDArray x = call.input(0);
        int axis = call.axis(0);
        long[] places = nonNegative(call.integers(1), x.getShape().get(axis));
        Shape before = x.getShape().slice(0, axis);
        Shape after = x.getShape().slice(axis + 1);
        Shape shape = before.addAll(call.input(1).getShape()).addAll(after);
        return select(x, axis, places, call.manager()).reshape(shape);
    }

    private static NDArray elementIndex(Call call, int axis) {
        long[] places = nonNegative(call.integers(1), call.input(0).getShape().get(axis));
        return call.manager().create(places, call.input(1).getShape());
    }

    private static NDArray gatherElements(Call call) {
        int axis = call.axis(0);
        return call.input(0).gather(elementIndex(call, axis), axis);
    }

    private static NDArray scatterElements(Call call) {
        int axis = call.axis(0);
        NDArray index = elementIndex(call, axis);
        NDArray data = call.input(0);
        if (call.attributes().text("reduction", "none").equals("none")) {
            return data.scatter(index, call.input(2), axis);
        }
        requireAdd(call);
        // One element at a time into zeros, so that equal indices add up.
        NDArray sum = data;
        for (int i = 0; i < index.getShape().get(axis); i++) {
            NDArray place = select(index, axis, new long[] {i}, call.manager());
            NDArray update = select(call.input(2), axis, new long[] {i}, call.manager());
            sum = sum.add(data.zerosLike().scatter(place, update, axis));
        }
        return sum;
    }

    private static void requireAdd(Call call) {
        String reduction = call.attributes().text("reduction", "none");
        if (!reduction.equals("add")) {
            throw call.unsupported("has reduction '" + reduction + "'");
        }
    }

    /** Rows of the data, its indexed axes made one, that the index tuples name. */
    private static long[] rows(Call call, int batch) {
        long[] data = call.input(0).getShape().getShape();
        long[] index = call.input(1).getShape().getShape();
        int width = Math.toIntExact(index[index.length - 1]);
        long[] tuples = call.integers(1);
        int count = width == 0 ? 1 : tuples.length / width;
        long batches = LongStream.of(data).limit(batch).reduce(1, (a, b) -> a * b);
        long[] rows = new long[count];
        for (int i = 0; i < count; i++) {
            long row = i / (count / batches);
            for (int k = 0; k < width; k++) {
                long size = data[batch + k];
                long place = tuples[i * width + k];
                row = row * size + (place < 0 ? place + size : place);
            }
            rows[i] = row;
        }
        return rows;
    }

    private static NDArray asRows(Call call, int indexed) {
        Shape shape = call.input(0).getShape();
        return call.input(0).reshape(shape.slice(0, indexed).size(), shape.slice(indexed).size());
    }

    private static NDArray gatherNd(Call call) {
        int batch = Math.toIntExact(call.attributes().integer("batch_dims", 0));
        Shape index = call.input(1).getShape();
        int indexed = batch + Math.toIntExact(index.get(index.dimension() - 1));
        NDArray rows = asRows(call, indexed);
        Shape result =
                index.slice(0, index.dimension() - 1)
                        .addAll(call.input(0).getShape().slice(indexed));
        return select(rows, 0, rows(call, batch), call.manager()).reshape(result);
    }

    /** With H one-hot in the rows written: keep * data + H' updates. */
    private static NDArray scatterNd(Call call) {
        Shape index = call.input(1).getShape();
        NDArray data = asRows(call, Math.toIntExact(index.get(index.dimension() - 1)));
        long[] rows = rows(call, 0);
        int height = Math.toIntExact(data.getShape().get(0));
        double[] hot = new double[rows.length * height];
        double[] keep = new double[height];
        Arrays.fill(keep, 1);
        boolean replaces = call.attributes().text("reduction", "none").equals("none");
        for (int i = 0; i < rows.length; i++) {
            hot[(int) rows[i] * rows.length + i] = 1;
            keep[(int) rows[i]] = replaces ? 0 : 1;
        }
        if (!replaces) {
            requireAdd(call);
        }
        NDArray updates = call.input(2).reshape(rows.length, data.getShape().get(1));
        NDArray written =
                call.manager().create(hot, new Shape(height, rows.length)).matMul(updates);
        NDArray kept = data.mul(call.manager().create(keep, new Shape(height, 1)));
        return kept.add(written).reshape(call.input(0).getShape());
    }

    private static NDArray slice(Call call) {
        long[] starts = call.integers(1);
        long[] ends = call.integers(2);
        long[] axes = call.has(3) ? call.integers(3) : LongStream.range(0, starts.length).toArray();
        long[] steps = call.integers(4);
        NDArray result = call.input(0);
        for (int i = 0; i < starts.length; i++) {
            int axis = Call.axis(axes[i], call.rank(0));
            long size = result.getShape().get(axis);
            long[] taken = range(starts[i], ends[i], steps == null ? 1 : steps[i], size);
            result = select(result, axis, taken, call.manager());
        }
        return result;
    }

    private static long[] range(long start, long end, long step, long size) {
        long low = step > 0 ? 0 : -1;
        long high = step > 0 ? size : size - 1;
        long from = Math.max(low < 0 ? 0 : low, Math.min(start < 0 ? start + size : start, high));
        long to = Math.max(low, Math.min(end < 0 ? end + size : end, high));
        long count = Math.max(0, (to - from + step - Long.signum(step)) / step);
        return LongStream.range(0, count).map(i -> from + i * step).toArray();
    }

    private static NDArray where(Call call) {
        NDArray condition = call.input(0);
        return DjlArrays.where(condition, call.input(1), call.input(2));
    }

    private static NDArray triangle(Call call) {
        NDArray x = call.input(0);
        Shape shape = x.getShape();
        long rows = shape.get(shape.dimension() - 2);
        long columns = shape.get(shape.dimension() - 1);
        long k = call.has(1) ? call.integers(1)[0] : 0;
        boolean upper = call.attributes().integer("upper", 1) == 1;
        boolean[] kept = new boolean[Math.toIntExact(rows * columns)];
        for (int i = 0; i < kept.length; i++) {
            long diagonal = i % columns - i / columns;
            kept[i] = upper ? diagonal >= k : diagonal <= k;
        }
        NDArray mask = call.manager().create(kept, new Shape(rows, columns)).broadcast(shape);
        if (x.getDataType() == DataType.BOOLEAN) {
            return x.logicalAnd(mask);
        }
        return DjlArrays.where(mask, x, x.zerosLike());
    }
}
